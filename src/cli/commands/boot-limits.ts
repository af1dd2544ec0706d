import type { BootLimits } from "../../core/machine/boot.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";

const variable = "TSMACHINE_BOOT_TIMEOUT";
const defaultSeconds = 300;

/** How long a machine may take from power-on until its engine answers. */
export function bootLimits(environment: Readonly<Record<string, string | undefined>>): BootLimits {
  const text = environment[variable];
  if (!text) return { bootTimeoutMs: defaultSeconds * 1000 };
  if (!/^[1-9][0-9]{0,5}$/.test(text)) {
    throw new TsmachineError("INVALID_INPUT", `${variable} is "${text}", not a number of seconds`, {
      hints: [`set it as in ${variable}=600, or unset it`],
    });
  }
  return { bootTimeoutMs: Number(text) * 1000 };
}
