import type { BootLimits } from "../../core/machine/boot.ts";
import { secondsToMs } from "./seconds.ts";

const variable = "TSMACHINE_BOOT_TIMEOUT";
const defaultTimeoutMs = 300_000;

/**
 * How long a machine may take from power-on until its engine answers.
 * @throws TsmachineError INVALID_INPUT
 */
export function bootLimits(environment: Readonly<Record<string, string | undefined>>): BootLimits {
  const text = environment[variable];
  return { bootTimeoutMs: text ? secondsToMs(text, variable) : defaultTimeoutMs };
}
