import { join } from "node:path";
import type { MachineView, Medium } from "../control.ts";
import { dataDiskName, type VirtualBoxMachine } from "../record.ts";
import { folderOf } from "./find.ts";
import type { Tools } from "./tools.ts";

/** Of the one controller. The firmware boots from the first of them that holds a boot record. */
export const ports = { bootIso: 0, engineImage: 1, seedImage: 2, dataDisk: 3 } as const;

const imageNames = ["bootIso", "engineImage", "seedImage"] as const;

/**
 * Puts the images where the machine finds them. Those that are there already stay: every call takes a
 * tenth of a second.
 */
export async function insertImages(
  machine: VirtualBoxMachine,
  view: MachineView,
  { control }: Pick<Tools, "control">,
): Promise<void> {
  for (const name of imageNames) {
    const medium: Medium = { port: ports[name], kind: "dvd", path: machine.images[name] };
    const former = view.media.get(medium.port);
    if (former === medium.path) continue;
    await control.attach(view.uuid, medium);
    // Of an upgraded machine; nobody would take it out of VirtualBox's list any more.
    if (former !== undefined) await control.forgetDvd(former);
  }
}

/** Paths of the images that VirtualBox has in the machine, which an upgrade of it may have replaced meanwhile. */
export function imagesIn({ media }: Pick<MachineView, "media">): readonly string[] {
  return imageNames.flatMap((name) => media.get(ports[name]) ?? []);
}

/** Paths of the images that the machine's next start would put in. */
export function imagesOf({ images }: Pick<VirtualBoxMachine, "images">): readonly string[] {
  return imageNames.map((name) => images[name]);
}

/** VirtualBox goes on listing the images of a machine that is gone. They are other machines' too. */
export async function forgetImages(
  paths: readonly string[],
  { control }: Pick<Tools, "control">,
): Promise<void> {
  for (const path of new Set(paths)) await control.forgetDvd(path);
}

export function dataDiskPath(machine: VirtualBoxMachine, view: MachineView): string {
  return join(folderOf(machine, view), dataDiskName);
}
