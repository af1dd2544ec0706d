import { TsmachineError } from "../errors/tsmachine-error.ts";
import { sleep } from "./sleep.ts";

export interface PollLimits {
  /** What is awaited, as the object of "waiting for …"; it is named when the limit expires. */
  readonly waitingFor: string;
  readonly everyMs: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Calls `probe` until it gives something other than undefined, and returns that.
 * @throws TsmachineError TIMEOUT when the limit expires; the signal's reason when it is aborted.
 */
export async function poll<T>(
  probe: () => Promise<T | undefined>,
  { waitingFor, everyMs, timeoutMs, signal }: PollLimits,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    signal.throwIfAborted();
    const found = await probe();
    if (found !== undefined) return found;
    if (performance.now() + everyMs > deadline) {
      throw new TsmachineError(
        "TIMEOUT",
        `gave up waiting for ${waitingFor} after ${timeoutMs} ms`,
      );
    }
    await sleep(everyMs, signal);
  }
}
