import { stat } from "node:fs/promises";
import type { Content } from "../../bytes/content.ts";
import type { FileEntry, FileTree } from "../../bytes/file-tree.ts";
import { writeIso } from "../../bytes/iso9660/write-iso.ts";
import type { BootRecipe } from "../recipes/recipe.ts";
import { bootLoaders } from "./boot/boot-loaders.ts";
import type { Ingredients } from "./image-design.ts";
import { timeOf } from "./image-lock.ts";
import { textFile } from "./package-tree.ts";

interface BootIsoParts {
  readonly packaged: FileTree;
  readonly recipe: BootRecipe;
  readonly kernelImage: Content;
  /** Of the initramfs that goes in, and of the ISO to write. */
  readonly paths: { readonly initramfs: string; readonly iso: string };
}

/** Writes the ISO from which firmware boots the kernel, as a CD-ROM or as a disk. */
export async function writeBootIso(
  { packaged, recipe, kernelImage, paths }: BootIsoParts,
  { lock, signal }: Ingredients,
): Promise<void> {
  const owner = { uid: 0, gid: 0, mode: 0o644 };
  const path = paths.initramfs;
  const initramfs: Content = { kind: "slice", path, offset: 0, size: (await stat(path)).size };
  const { architecture } = lock;
  const { commandLine } = recipe.architectures[architecture];
  const volume = { volumeId: "TSM_BOOT", time: timeOf(lock) };
  const { files, bootRecords, disk } = await bootLoaders({
    ...{ ...volume, packaged, architecture, commandLine },
    ...{ kernel: "boot/vmlinuz", initramfs: "boot/initramfs" },
  });
  const tree = new Map<string, FileEntry>([
    ["boot/vmlinuz", { type: "file", ...owner, content: kernelImage }],
    ["boot/initramfs", { type: "file", ...owner, content: initramfs }],
    ["lock.json", textFile(`${JSON.stringify(lock, undefined, 2)}\n`)],
    ...files,
  ]);
  await writeIso({ ...volume, tree, bootRecords, disk, signal, path: paths.iso });
}
