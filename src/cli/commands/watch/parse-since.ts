import { TsmachineError } from "../../../errors/tsmachine-error.ts";

const msByUnit: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/**
 * The moment that `--since` names: "90s", "10m", "2h" or "3d" before now, or a time as ISO 8601 has it.
 * @throws TsmachineError INVALID_INPUT
 */
export function parseSince(text: string, now: Date): Date {
  const [, count, unit = ""] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const unitMs = msByUnit[unit];
  if (count !== undefined && unitMs !== undefined) {
    return new Date(now.getTime() - Number(count) * unitMs);
  }
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? new Date(text) : undefined;
  if (time !== undefined && !Number.isNaN(time.getTime())) return time;
  throw new TsmachineError("INVALID_INPUT", `--since is "${text}", which is no time`, {
    hints: ["give a time as 2026-01-31T12:00:00Z, or how long ago it was: 90s, 10m, 2h, 3d"],
  });
}
