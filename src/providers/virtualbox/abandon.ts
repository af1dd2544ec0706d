import { join } from "node:path";
import { readTextIfPresent } from "../../host/files/files.ts";
import { powerOffInstance } from "./machine/stop.ts";
import { withTools } from "./machine/tools.ts";
import { isBelow } from "./paths.ts";
import type { VirtualBoxWorld } from "./world.ts";
import { unescapeXml } from "./xml.ts";

/**
 * Ends and unregisters the machines whose settings are below the folder. VirtualBox's own list is read
 * as a file: most folders are none of its business, and asking it would start it.
 */
export async function abandonFolder(
  directory: string,
  world: VirtualBoxWorld,
  signal: AbortSignal,
): Promise<void> {
  const registry = await readTextIfPresent(join(world.settingsFolder, "VirtualBox.xml"));
  const uuids = machinesBelow(directory, registry ?? "");
  if (uuids.length === 0) return;
  await withTools({ webservice: null }, { world, signal }, async (tools) => {
    for (const uuid of uuids) {
      await powerOffInstance({ uuid, name: uuid }, tools);
      await tools.control.unregisterMachine(uuid);
    }
  });
}

/** Of lines such as `<MachineEntry uuid="{…}" src="/home/jo/x/x.vbox"/>`. */
export function machinesBelow(directory: string, registry: string): readonly string[] {
  return [...registry.matchAll(/<MachineEntry\b[^>]*>/g)].flatMap(([entry]) => {
    const uuid = /\buuid="\{([0-9a-f-]+)\}"/i.exec(entry)?.[1];
    const path = /\bsrc="([^"]*)"/.exec(entry)?.[1];
    if (uuid === undefined || path === undefined) return [];
    return isBelow(directory, unescapeXml(path)) ? [uuid] : [];
  });
}
