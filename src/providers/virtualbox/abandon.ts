import { findProcessesWithArguments } from "../../host/processes/find-processes.ts";
import { findMachine } from "./machine/find.ts";
import { forgetImages, imagesIn } from "./machine/media.ts";
import { powerOffInstance } from "./machine/stop.ts";
import { withTools } from "./machine/tools.ts";
import { isBelow } from "./paths.ts";
import { readRegistry } from "./registry.ts";
import { findVBoxManage } from "./vboxmanage/find-vboxmanage.ts";
import type { VirtualBoxWorld } from "./world.ts";

/**
 * Ends and unregisters the machines whose settings are below the folder. VirtualBox's own list is read
 * as a file: most folders are none of its business, and asking it would start it.
 * @throws TsmachineError PROGRAM_MISSING where VirtualBox was uninstalled while one of them ran;
 *   VIRTUALBOX_FAILED, INSTANCE_LOCKED
 */
export async function abandonFolder(
  directory: string,
  world: VirtualBoxWorld,
  signal: AbortSignal,
): Promise<void> {
  const uuids = (await readRegistry(world))
    .filter(({ path }) => isBelow(directory, path))
    .map(({ uuid }) => uuid);
  if (uuids.length === 0) return;
  // The list outlives VirtualBox, which leaves it to its user when it is uninstalled.
  const isInstalled = (await findVBoxManage(world)) !== undefined;
  if (!isInstalled && !(await isAnyRunning(uuids, world, signal))) return;
  await withTools({ webservice: null }, { world, signal }, async (tools) => {
    for (const uuid of uuids) {
      await powerOffInstance({ uuid, name: uuid }, tools);
      const view = await findMachine({ uuid }, tools);
      await tools.control.unregisterMachine(uuid);
      if (view !== undefined) await forgetImages(imagesIn(view), tools);
    }
  });
}

/** Whether there is a process of one of the machines, whatever front end it is. */
async function isAnyRunning(
  uuids: readonly string[],
  { platform }: VirtualBoxWorld,
  signal: AbortSignal,
): Promise<boolean> {
  const found = await Promise.all(
    uuids.map((uuid) => findProcessesWithArguments(["--startvm", uuid], platform, signal)),
  );
  return found.flat().length > 0;
}
