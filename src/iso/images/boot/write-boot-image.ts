import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { chunksOf } from "../../../bytes/content.ts";
import { writeCpio } from "../../../bytes/cpio.ts";
import type { FileTree } from "../../../bytes/file-tree.ts";
import type { BootRecipe } from "../../recipes/recipe.ts";
import { bootImageNames } from "../cache/image-files.ts";
import type { BuiltImage, Ingredients } from "../image-design.ts";
import { timeOf } from "../image-lock.ts";
import { unpackKernelInputs } from "../kernel/unpack-kernel.ts";
import { formatLock } from "../lock-file.ts";
import { textFile, unpackPackages } from "../package-tree.ts";
import { writeBootIso } from "./boot-iso.ts";
import { isOfBootLoader } from "./boot-loaders.ts";
import { initramfsTree } from "./initramfs.ts";
import { isOfKernel, packagedKernel } from "./kernel-files.ts";
import { packKernel } from "./pack-kernel.ts";

export interface BootImageParts {
  readonly recipe: BootRecipe;
  /** templates/guest/initramfs */
  readonly overlay: FileTree;
}

/** Writes kernel, initramfs and boot ISO into the folder of the ingredients. */
export async function writeBootImage(
  { recipe, overlay }: BootImageParts,
  ingredients: Ingredients,
): Promise<BuiltImage> {
  const { lock, folder, report, signal } = ingredients;
  const { architecture } = lock;
  const packaged = await unpackPackages(ingredients, isNeeded);
  await unpackKernelInputs(packaged, ingredients, isNeeded);
  const kernel = await packagedKernel(packaged);
  report.detail("writing the initramfs");
  const initramfs = await initramfsTree({ packaged, overlay, recipe, signal });
  const paths = {
    kernel: join(folder, bootImageNames.kernel),
    initramfs: join(folder, bootImageNames.initramfs),
    iso: join(folder, bootImageNames.iso),
  };
  await writeChunks(paths.kernel, chunksOf(await packKernel(kernel.image)));
  await writeChunks(paths.initramfs, writeCpio(initramfs));
  report.detail("writing the boot ISO");
  await writeBootIso({
    ...{ packaged, architecture, volumeId: "TSM_BOOT", time: timeOf(lock), signal },
    commandLine: recipe.architectures[architecture].commandLine,
    ...{ kernel: paths.kernel, initramfs: paths.initramfs, path: paths.iso },
    files: new Map([["lock.json", textFile(formatLock(lock))]]),
  });
  const { kernel: kernelName, initramfs: initramfsName, iso, config } = bootImageNames;
  const files = [kernelName, initramfsName, iso];
  if (kernel.config === undefined) return { files, version: kernel.release };
  await writeChunks(join(folder, config), chunksOf(kernel.config));
  return { files: [...files, config], version: kernel.release };
}

function isNeeded(path: string): boolean {
  return isOfKernel(path) || isOfBootLoader(path) || path === "usr/bin/busybox";
}

/** On return the file survives a power failure. */
async function writeChunks(path: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const file = createWriteStream(path, { flags: "wx", mode: 0o600, flush: true });
  await pipeline(Readable.from(chunks), file);
}
