import { join } from "node:path";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { makePrivateDirectory } from "../../../host/files/files.ts";
import { withLock } from "../../../host/locks/lock.ts";
import type { Control } from "../control.ts";
import { installRemedy } from "../preflight/remedies.ts";
import { openVBoxManageControl } from "../vboxmanage/control.ts";
import { findVBoxManage } from "../vboxmanage/find-vboxmanage.ts";
import type { VirtualBoxWorld } from "../world.ts";

/** What every operation on a machine works with. */
export interface Tools {
  readonly control: Control;
  readonly world: VirtualBoxWorld;
  readonly signal: AbortSignal;
}

/** @throws TsmachineError PROGRAM_MISSING */
export async function openTools(world: VirtualBoxWorld, signal: AbortSignal): Promise<Tools> {
  const program = await findVBoxManage(world);
  if (program === undefined) {
    throw new TsmachineError("PROGRAM_MISSING", "VirtualBox is not installed", {
      hints: [await installRemedy(world)],
    });
  }
  return { control: openVBoxManageControl(program, world, signal), world, signal };
}

/** For undoing what was begun, also when the user has cancelled the rest. */
export function openUnhurried({ world }: Tools): Promise<Tools> {
  return openTools(world, AbortSignal.timeout(60_000 * world.patience));
}

const lockTimeoutMs = 120_000;

/**
 * Runs `action` while no other tsmachine of this user changes what machines share: adapters, addresses
 * and the notes about them.
 * @throws TsmachineError LOCK_TIMEOUT
 */
export async function withSharedLock<T>(
  { world, signal }: Pick<Tools, "world" | "signal">,
  action: () => Promise<T>,
): Promise<T> {
  await makePrivateDirectory(world.settingsFolder);
  const limits = {
    ...{ guards: "VirtualBox's network", timeoutMs: lockTimeoutMs * world.patience, signal },
  };
  return withLock(join(world.settingsFolder, "tsmachine.lock"), limits, action);
}
