import { stat } from "node:fs/promises";
import type { Content } from "../../bytes/content.ts";
import type { FileEntry, FileTree } from "../../bytes/file-tree.ts";
import type { BootRecord } from "../../bytes/iso9660/el-torito.ts";
import { writeIso } from "../../bytes/iso9660/write-iso.ts";
import type { BootRecipe } from "../recipes/recipe.ts";
import type { Ingredients } from "./image-design.ts";
import { timeOf } from "./image-lock.ts";
import { fileIn, textFile } from "./package-tree.ts";

interface BootIsoParts {
  readonly packaged: FileTree;
  readonly recipe: BootRecipe;
  readonly kernelImage: Content;
  /** Of the initramfs that goes in, and of the ISO to write. */
  readonly paths: { readonly initramfs: string; readonly iso: string };
}

/** Writes the ISO from which firmware boots the kernel. */
export async function writeBootIso(
  { packaged, recipe, kernelImage, paths }: BootIsoParts,
  { lock, signal }: Ingredients,
): Promise<void> {
  const owner = { uid: 0, gid: 0, mode: 0o644 };
  const path = paths.initramfs;
  const initramfs: Content = { kind: "slice", path, offset: 0, size: (await stat(path)).size };
  const loader = packaged.has(isolinuxPath) ? isolinux(packaged, recipe) : undefined;
  const tree = new Map<string, FileEntry>([
    ["boot/vmlinuz", { type: "file", ...owner, content: kernelImage }],
    ["boot/initramfs", { type: "file", ...owner, content: initramfs }],
    ["lock.json", textFile(`${JSON.stringify(lock, undefined, 2)}\n`)],
    ...(loader?.files ?? []),
  ]);
  await writeIso({
    ...{ tree, volumeId: "TSM_BOOT", time: timeOf(lock), signal, path: paths.iso },
    bootRecords: loader?.bootRecords ?? [],
  });
}

const isolinuxPath = "usr/lib/ISOLINUX/isolinux.bin";
const ldlinuxPath = "usr/lib/syslinux/modules/bios/ldlinux.c32";

/** https://wiki.syslinux.org/wiki/index.php?title=ISOLINUX */
function isolinux(
  packaged: FileTree,
  { commandLine }: BootRecipe,
): { files: [string, FileEntry][]; bootRecords: BootRecord[] } {
  const configuration = [
    "DEFAULT tsmachine",
    "PROMPT 0",
    "TIMEOUT 0",
    "LABEL tsmachine",
    "  LINUX /boot/vmlinuz",
    "  INITRD /boot/initramfs",
    `  APPEND ${commandLine}`,
    "",
  ].join("\n");
  return {
    files: [
      ["isolinux/isolinux.bin", fileIn(packaged, isolinuxPath)],
      ["isolinux/ldlinux.c32", fileIn(packaged, ldlinuxPath)],
      ["isolinux/isolinux.cfg", textFile(configuration)],
    ],
    bootRecords: [{ platform: "bios", path: "isolinux/isolinux.bin", bootInfoTable: true }],
  };
}
