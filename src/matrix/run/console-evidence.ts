import { guestPrefix, isPanic } from "../../core/engine/machine-failed.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";

/** What the console of a machine said that did not come up; undefined for errors of something else. */
export function consoleIn(error: unknown): readonly string[] | undefined {
  if (!(error instanceof TsmachineError)) return undefined;
  const { console } = error.context;
  return Array.isArray(console) ? console.map(String) : undefined;
}

/** What a machine ran on that did not come up, where that is known. */
export function acceleratorIn(error: unknown): string | undefined {
  const accelerator = error instanceof TsmachineError ? error.context.accelerator : undefined;
  return typeof accelerator === "string" ? accelerator : undefined;
}

/** The guest's first own word on the console is the kernel's last of its start. */
export function hasComeUp(console: readonly string[]): boolean {
  return console.some((line) => line.startsWith(guestPrefix));
}

/**
 * Whether a machine that failed has ended by what its kernel or its guest did. One that is gone without any word of that
 * was ended from outside, as by somebody who kills QEMU, or by a host without memory.
 */
export function hasEndedByItself({ context }: TsmachineError): boolean {
  const { isKernelRefused, power, console } = context;
  if (isKernelRefused === true || (power !== "stopped" && power !== "absent")) return true;
  return Array.isArray(console) && console.map(String).some(isEnd);
}

function isEnd(line: string): boolean {
  return isPanic(line) || line.startsWith(`${guestPrefix}FAILED `) || lastWords.test(line);
}

/** What a kernel says whatever its log level is: kernel_power_off and kernel_halt of kernel/reboot.c. */
const lastWords = /\breboot: (?:Power down|System halted)/;
