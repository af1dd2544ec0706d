import { setTimeout as delay } from "node:timers/promises";

/** Waits. @throws the signal's reason as soon as it is aborted. */
export async function sleep(durationMs: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(durationMs, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
