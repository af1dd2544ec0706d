import { join } from "node:path";
import { makePrivateDirectory } from "../../host/files/files.ts";
import { withLock } from "../../host/locks/lock.ts";
import type { VirtualBoxWorld } from "./world.ts";

const lockTimeoutMs = 120_000;

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
    timeoutMs: lockTimeoutMs * world.patience,
  };
  return withLock(join(world.settingsFolder, "tsmachine.lock"), limits, action);
}
