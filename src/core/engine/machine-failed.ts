import { TsmachineError } from "../../errors/tsmachine-error.ts";

/** How the guest begins what it says on its console. */
export const guestPrefix = "tsmachine: ";
/** How the guest begins to say that its engine ends again and again. */
const enginePrefix = "engine: ";
/** As many as are shown to people. */
export const consoleLines = 12;

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

/** The error for a machine that has ended; `event` is what was awaited of it: "its engine answered". */
export function machineFailed(
  machine: string,
  { event, console }: { readonly event: string; readonly console: readonly string[] },
): TsmachineError {
  const cause = causeIn(console);
  if (cause.startsWith(enginePrefix)) {
    const words = cause.slice(enginePrefix.length);
    return new TsmachineError(
      "ENGINE_FAILED",
      `the engine of machine "${machine}" does not start: ${words}`,
      {
        hints: ["mend what it names, then run the command again"],
        context: { machine, words, console: console.slice(-consoleLines) },
      },
    );
  }
  return new TsmachineError(
    "MACHINE_FAILED",
    `machine "${machine}" failed before ${event}: ${cause}`,
    {
      hints: ["mend what its console names, then run the command again"],
      context: { machine, console: console.slice(-consoleLines) },
    },
  );
}
