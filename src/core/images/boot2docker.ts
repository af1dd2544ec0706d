import type { Context } from "../context.ts";
import type { MachineImages } from "./images.ts";

/**
 * Makes of the images one ISO that docker-machine boots in place of boot2docker.iso.
 * @param path of the ISO to make or replace
 * @returns its volume identifier
 * @throws what writeBoot2dockerIso throws
 */
export function provideBoot2dockerIso(
  { templates, packageSource, progress, signal }: Context,
  images: MachineImages,
  path: string,
): Promise<string> {
  return progress.step("Writing the boot2docker ISO", async (report) => {
    const { writeBoot2dockerIso } = await import("../../iso/images/boot/boot2docker-iso.ts");
    const source = packageSource;
    return writeBoot2dockerIso({ ...images, templates, source, path, report, signal });
  });
}
