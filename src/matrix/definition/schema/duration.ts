import * as z from "zod";

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const mostMs = 24 * hourMs;

/** "90s", "5m", "1h30m", or a number of seconds, as milliseconds: above zero, at most a day. */
export const durationSchema = z
  .string()
  .regex(/^(?:[0-9]{1,6}|(?=[0-9])(?:[0-9]{1,6}h)?(?:[0-9]{1,6}m)?(?:[0-9]{1,6}s)?)$/, {
    error: "is no time limit",
    abort: true,
  })
  .refine((text) => millisecondsOf(text) > 0, { error: "is no time at all" })
  .refine((text) => millisecondsOf(text) <= mostMs, { error: "is longer than a day" })
  .meta({ type: ["string", "integer"] })
  .transform(millisecondsOf);

function millisecondsOf(text: string): number {
  if (/^[0-9]+$/.test(text)) return Number(text) * secondMs;
  const amount = (unit: string) => Number(new RegExp(`([0-9]+)${unit}`).exec(text)?.[1] ?? 0);
  return amount("h") * hourMs + amount("m") * minuteMs + amount("s") * secondMs;
}
