import { powerOffInstance } from "./machine/stop.ts";
import { withTools } from "./machine/tools.ts";
import { isBelow } from "./paths.ts";
import { readRegistry } from "./registry.ts";
import type { VirtualBoxWorld } from "./world.ts";

/**
 * Ends and unregisters the machines whose settings are below the folder. VirtualBox's own list is read
 * as a file: most folders are none of its business, and asking it would start it.
 */
export async function abandonFolder(
  directory: string,
  world: VirtualBoxWorld,
  signal: AbortSignal,
): Promise<void> {
  const machines = (await readRegistry(world)).filter(({ path }) => isBelow(directory, path));
  if (machines.length === 0) return;
  await withTools({ webservice: null }, { world, signal }, async (tools) => {
    for (const { uuid } of machines) {
      await powerOffInstance({ uuid, name: uuid }, tools);
      await tools.control.unregisterMachine(uuid);
    }
  });
}
