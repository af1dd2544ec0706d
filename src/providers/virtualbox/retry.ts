import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { sleep } from "../../host/sleep.ts";
import { isTransient } from "./failure.ts";
import type { VirtualBoxWorld } from "./world.ts";

/** For "The object is not ready": longer than a machine takes to go down. */
const transientMs = 15_000;

/** Runs `attempt` again for a while as long as VirtualBox says that it is not ready. */
export async function onceReady<T>(
  attempt: () => Promise<T>,
  { patience }: Pick<VirtualBoxWorld, "patience">,
  signal: AbortSignal,
): Promise<T> {
  const deadline = performance.now() + transientMs * patience;
  for (;;) {
    signal.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      const mayPass = error instanceof TsmachineError && isTransient(error);
      if (!mayPass || performance.now() > deadline) throw error;
    }
    await sleep(300, signal);
  }
}
