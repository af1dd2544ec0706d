import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { PowerState } from "../../providers/provider.ts";

/** How the guest begins what it says on its console. */
export const guestPrefix = "tsmachine: ";
/** How the guest begins to say that its engine ends again and again. */
const enginePrefix = "engine: ";

/** The one line of the console that says why a machine ended: its guest's, the kernel's, or the last. */
export function causeIn(console: readonly string[]): string {
  const failed = console.findLast((line) => line.startsWith(`${guestPrefix}FAILED `));
  if (failed !== undefined) return failed.slice(`${guestPrefix}FAILED `.length);
  return console.find(isPanic) ?? console.at(-1) ?? "its console is empty";
}

export function isPanic(line: string): boolean {
  return line.includes("Kernel panic - ");
}

/** Whether a machine has ended, or panicked, before it did what was awaited of it. */
export function isMachineFailed(error: unknown): boolean {
  return (
    isEngineFailed(error) || (error instanceof TsmachineError && error.code === "MACHINE_FAILED")
  );
}

/** Whether a machine has ended because its engine did, again and again. */
export function isEngineFailed(error: unknown): error is TsmachineError {
  return error instanceof TsmachineError && error.code === "ENGINE_FAILED";
}

/** dockerd's last words, from the error for an engine that does not start. */
export function engineWordsOf(error: unknown): string | undefined {
  return isEngineFailed(error) ? String(error.context.words) : undefined;
}

export interface MachineEnd {
  /** What was awaited of it: "its engine answered". */
  readonly event: string;
  /** All that is at hand, since who asks why it ended may look for more than its cause. */
  readonly console: readonly string[];
  /** What the hypervisor said of it. */
  readonly power: PowerState;
  /** What it ran on, see Instance.accelerator. */
  readonly accelerator: string | undefined;
}

/** The error for a machine that has ended, or panicked. */
export function machineFailed(machine: string, { event, ...end }: MachineEnd): TsmachineError {
  const { console } = end;
  const cause = causeIn(console);
  if (cause.startsWith(enginePrefix)) {
    const words = cause.slice(enginePrefix.length);
    return new TsmachineError(
      "ENGINE_FAILED",
      `the engine of machine "${machine}" does not start: ${words}`,
      {
        hints: ["mend what it names, then run the command again"],
        context: { machine, words, ...end },
      },
    );
  }
  return new TsmachineError(
    "MACHINE_FAILED",
    `machine "${machine}" failed before ${event}: ${cause}`,
    {
      hints: ["mend what its console names, then run the command again"],
      context: { machine, ...end },
    },
  );
}
