import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { sleep } from "../../host/sleep.ts";

export interface Patience {
  readonly signal: AbortSignal;
  /** How long it may go wrong, in milliseconds; once at least. */
  readonly maxSilenceMs: number;
}

const pauseMs = 10_000;

/**
 * Does it again and again while Slurm or the shared folder gives no answer: a controller or a file server is restarted
 * now and then, which is nothing to give a run up for.
 * @throws what it threw last, once that has lasted for too long, and at once what does not pass; the signal's reason
 */
export async function patiently<T>(
  action: () => Promise<T>,
  { signal, maxSilenceMs }: Patience,
): Promise<T> {
  let failingSinceMs: number | undefined;
  for (;;) {
    try {
      return await action();
    } catch (error) {
      signal.throwIfAborted();
      const nowMs = performance.now();
      failingSinceMs ??= nowMs;
      if (!mayPass(error) || nowMs - failingSinceMs > maxSilenceMs) throw error;
      await sleep(Math.min(pauseMs, maxSilenceMs), signal);
    }
  }
}

/** Slurm's failures, and the system's: of a file server that is away programs hear EIO, ESTALE or EACCES. */
function mayPass(error: unknown): boolean {
  if (error instanceof TsmachineError) return error.code === "SLURM_FAILED";
  return error instanceof Error && "syscall" in error;
}
