import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { sleep } from "../../host/sleep.ts";
import { isBeingUnlocked, isTransient } from "./failure.ts";
import type { VirtualBoxWorld } from "./world.ts";

/** For "The object is not ready": longer than a machine takes to go down. */
const transientMs = 15_000;

/** For a machine that the command before still unlocks; one that somebody holds is told of after that. */
const unlockingMs = 5000;

/** Runs `attempt` again for a while as long as VirtualBox says that it is not ready. */
export async function onceReady<T>(
  attempt: () => Promise<T>,
  { patience }: Pick<VirtualBoxWorld, "patience">,
  signal: AbortSignal,
): Promise<T> {
  const begun = performance.now();
  for (;;) {
    signal.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() - begun > patienceWith(error) * patience) throw error;
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
