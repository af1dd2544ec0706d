import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { sleep } from "../../host/sleep.ts";
import { isBeingUnlocked, isLost, isTransient } from "./failure.ts";
import type { VirtualBoxWorld } from "./world.ts";

/** For "The object is not ready": longer than a machine takes to go down. */
const transientMs = 15_000;

/** For a machine that the command before still unlocks; one that somebody holds is told of after that. */
const unlockingMs = 5000;

interface Trial extends Pick<VirtualBoxWorld, "patience"> {
  readonly signal: AbortSignal;
  /** Whether it comes to the same when it is done twice. */
  readonly isRepeatable: boolean;
}

/**
 * Runs `attempt` again for a while as long as VirtualBox says that it is not ready; and what can be
 * repeated also when VirtualBox has ended and left open whether it was done.
 */
export async function onceReady<T>(
  attempt: () => Promise<T>,
  { patience, signal, isRepeatable }: Trial,
): Promise<T> {
  const begun = performance.now();
  for (;;) {
    signal.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      const limitMs = isRepeatable && isLost(error) ? transientMs : patienceWith(error);
      if (performance.now() - begun > limitMs * patience) throw error;
    }
    await sleep(300, signal);
  }
}

/** Milliseconds. */
function patienceWith(error: unknown): number {
  if (!(error instanceof TsmachineError)) return 0;
  if (isTransient(error)) return transientMs;
  return isBeingUnlocked(error) ? unlockingMs : 0;
}
