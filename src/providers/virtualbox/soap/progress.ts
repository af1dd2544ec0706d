import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { virtualBoxFailed } from "../failure.ts";
import { longMs } from "../patience.ts";
import type { Progress } from "./api.ts";
import type { Client } from "./connection.ts";
import { codeOf } from "./fault.ts";

/** A wait keeps one of the service's threads, so it is given back now and then. */
const sliceMs = 5_000;

/**
 * Waits for the end of what a call has begun. When the user cancels, it goes on at VirtualBox.
 * @param limitMs milliseconds
 * @throws TsmachineError VIRTUALBOX_FAILED, INSTANCE_LOCKED, TIMEOUT; the signal's reason when aborted.
 */
export async function completed(
  progress: Progress | null,
  task: string,
  { signal, patience }: Pick<Client, "signal" | "patience">,
  limitMs = longMs,
): Promise<void> {
  if (progress === null) throw new Error(`VirtualBox tells no progress of ${task}`);
  const deadline = performance.now() + limitMs * patience;
  while (!(await progress.getCompleted())) {
    signal.throwIfAborted();
    if (performance.now() > deadline) {
      throw new TsmachineError("TIMEOUT", `VirtualBox did not end ${task} in time`);
    }
    await progress.waitForCompletion(sliceMs);
  }
  const code = codeOf(await progress.getResultCode());
  if (code === undefined) return;
  const message = (await (await progress.getErrorInfo())?.getText())?.replace(/\s+/g, " ");
  throw virtualBoxFailed({ message: message ?? `${task} failed (${code})`, code }, [task]);
}
