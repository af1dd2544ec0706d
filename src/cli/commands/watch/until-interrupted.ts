import type { Cli } from "../../cli.ts";

/** The exit status of what Ctrl-C has ended, as docs/errors.md has it. */
const interruptedStatus = 130;

/** Runs what has no end of its own: Ctrl-C is how it ends, and no failure that needs words. */
export async function untilInterrupted(
  { signal, endWith }: Pick<Cli, "signal" | "endWith">,
  action: () => Promise<void>,
): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (!signal.aborted) throw error;
    endWith(interruptedStatus);
  }
}
