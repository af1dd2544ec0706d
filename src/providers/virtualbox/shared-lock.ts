import { join } from "node:path";
import { makePrivateDirectory } from "../../host/files/files.ts";
import { withLock } from "../../host/locks/lock.ts";
import { longMs } from "./patience.ts";
import type { VirtualBoxWorld } from "./world.ts";

/** Longer than its longest action: an adapter is made, gets its address and, where that fails, is removed again. */
export const sharedLockMs = 4 * longMs;

/**
 * Runs `action` while no other tsmachine of this user changes what machines share: adapters, addresses
 * and the notes about them, and the settings of VirtualBox's web service.
 * @throws TsmachineError LOCK_TIMEOUT
 */
export async function withSharedLock<T>(
  { world, signal }: { readonly world: VirtualBoxWorld; readonly signal: AbortSignal },
  action: () => Promise<T>,
): Promise<T> {
  await makePrivateDirectory(world.settingsFolder);
  const limits = {
    ...{ guards: "what VirtualBox's machines share", signal },
    timeoutMs: sharedLockMs * world.patience,
  };
  return withLock(join(world.settingsFolder, "tsmachine.lock"), limits, action);
}
