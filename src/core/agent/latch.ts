/** Remembers that something has happened until somebody has waited for it. */
export interface Latch {
  notify(): void;
  /**
   * Returns when there was a notification since the last wait, at once if it was before, or when the
   * time is over. Gives whether there was one.
   * @throws the signal's reason
   */
  wait(timeoutMs: number, signal: AbortSignal): Promise<boolean>;
}

export function createLatch(): Latch {
  let isNotified = false;
  let wake = () => {};
  return {
    notify() {
      isNotified = true;
      wake();
    },
    async wait(timeoutMs, signal) {
      if (!isNotified && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, timeoutMs);
          const abort = () => wake();
          wake = () => {
            clearTimeout(timer);
            signal.removeEventListener("abort", abort);
            resolve();
          };
          signal.addEventListener("abort", abort, { once: true });
        });
        wake();
        wake = () => {};
      }
      const wasNotified = isNotified;
      isNotified = false;
      signal.throwIfAborted();
      return wasNotified;
    },
  };
}
