import { createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Content, chunksOf } from "../../bytes/content.ts";
import { writeCpio } from "../../bytes/cpio.ts";
import type { FileEntry, FileTree } from "../../bytes/file-tree.ts";
import type { BootRecord } from "../../bytes/iso9660/el-torito.ts";
import { writeIso } from "../../bytes/iso9660/write-iso.ts";
import type { Architecture } from "../../host/architecture.ts";
import type { DebianLock } from "../debian/lock.ts";
import { type BootRecipe, bootRecipeSchema, digestOf, readRecipe } from "../recipes/recipe.ts";
import { describeTree, readTemplateFolder } from "../recipes/template-folder.ts";
import type { ImageDesign, Ingredients } from "./image-design.ts";
import { initramfsTree } from "./initramfs.ts";
import { fileIn, textFile, unpackPackages } from "./package-tree.ts";

/** The files of a boot image: for booting the kernel directly, and the ISO for firmware. */
export const bootImageNames = {
  kernel: "kernel",
  initramfs: "initramfs",
  iso: "boot.iso",
} as const;

/** Raised when the code that makes the image changes what it makes. */
const revision = 1;

/**
 * The boot image: a kernel with the modules that the machine needs, and its first process.
 * @param templates the folder templates/
 */
export async function bootImageDesign(
  templates: string,
  architecture: Architecture,
): Promise<ImageDesign> {
  const recipe = await readRecipe(templates, "boot", bootRecipeSchema);
  const overlay = await readTemplateFolder(join(templates, "guest", "initramfs"));
  const { kernel, packages } = recipe.architectures[architecture];
  return {
    kind: "boot",
    architecture,
    suite: recipe.suite,
    packages: { wanted: [kernel, ...packages], without: recipe.without },
    digest: digestOf(revision, recipe, describeTree(overlay)),
    versionOf: (lock) => kernelRelease(lock),
    build: async (ingredients) => {
      const { folder, report, signal } = ingredients;
      const packaged = await unpackPackages(ingredients, isNeeded);
      const release = kernelRelease(ingredients.lock);
      const kernelImage = fileIn(packaged, `boot/vmlinuz-${release}`).content;
      report.detail("writing the initramfs");
      const initramfs = await initramfsTree({ packaged, overlay, recipe, signal });
      await writeChunks(join(folder, bootImageNames.kernel), chunksOf(kernelImage));
      await writeChunks(join(folder, bootImageNames.initramfs), writeCpio(initramfs));
      report.detail("writing the boot ISO");
      await writeBootIso({ packaged, recipe, kernelImage }, ingredients);
      return Object.values(bootImageNames);
    },
  };
}

/**
 * The kernel's command line, which goes for direct boot as for the ISO.
 * @param templates the folder templates/
 */
export async function bootCommandLine(templates: string): Promise<string> {
  return (await readRecipe(templates, "boot", bootRecipeSchema)).commandLine;
}

/** What `uname -r` prints in the machine, taken from the name of the kernel's package. */
function kernelRelease({ packages }: DebianLock): string {
  for (const { name } of packages) {
    const [, release] = /^linux-image-(\d.*)$/.exec(name) ?? [];
    if (release !== undefined) return release;
  }
  throw new Error("the boot recipe's kernel package depends on no kernel");
}

const isolinuxPath = "usr/lib/ISOLINUX/isolinux.bin";
const ldlinuxPath = "usr/lib/syslinux/modules/bios/ldlinux.c32";

function isNeeded(path: string): boolean {
  return (
    path.startsWith("boot/vmlinuz-") ||
    path.startsWith("usr/lib/modules/") ||
    ["usr/bin/busybox", isolinuxPath, ldlinuxPath].includes(path)
  );
}

/** On return the file survives a power failure. */
async function writeChunks(path: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const file = createWriteStream(path, { flags: "wx", mode: 0o600, flush: true });
  await pipeline(Readable.from(chunks), file);
}

interface BootIsoParts {
  readonly packaged: FileTree;
  readonly recipe: BootRecipe;
  readonly kernelImage: Content;
}

async function writeBootIso(
  { packaged, recipe, kernelImage }: BootIsoParts,
  { folder, lock, signal }: Ingredients,
): Promise<void> {
  const owner = { uid: 0, gid: 0, mode: 0o644 };
  const path = join(folder, bootImageNames.initramfs);
  const initramfs: Content = { kind: "slice", path, offset: 0, size: (await stat(path)).size };
  const loader = packaged.has(isolinuxPath) ? isolinux(packaged, recipe) : undefined;
  const tree = new Map<string, FileEntry>([
    ["boot/vmlinuz", { type: "file", ...owner, content: kernelImage }],
    ["boot/initramfs", { type: "file", ...owner, content: initramfs }],
    ["lock.json", textFile(`${JSON.stringify(lock, undefined, 2)}\n`)],
    ...(loader?.files ?? []),
  ]);
  await writeIso({
    ...{ tree, volumeId: "TSM_BOOT", time: new Date(lock.date), signal },
    bootRecords: loader?.bootRecords ?? [],
    path: join(folder, bootImageNames.iso),
  });
}

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
