import { stat } from "node:fs/promises";
import type { Content } from "../../../bytes/content.ts";
import type { FileEntry, FileTree } from "../../../bytes/file-tree.ts";
import { writeIso } from "../../../bytes/iso9660/write-iso.ts";
import type { Architecture } from "../../../host/architecture.ts";
import { bootLoaders } from "./boot-loaders.ts";

export interface BootIsoOptions {
  /** Unpacked packages, of which the boot loaders are taken. */
  readonly packaged: FileTree;
  readonly architecture: Architecture;
  /** Paths of the files that are booted. */
  readonly kernel: string;
  readonly initramfs: string;
  readonly commandLine: string;
  /** What the ISO has besides what boots. */
  readonly files: FileTree;
  readonly volumeId: string;
  readonly time: Date;
  /** The ISO to make or replace. */
  readonly path: string;
  readonly signal: AbortSignal;
}

/**
 * Writes an ISO from which firmware boots the kernel, as a CD-ROM or as a disk.
 * @throws what `writeIso` throws
 */
export async function writeBootIso(options: BootIsoOptions): Promise<void> {
  const { volumeId, time, path, signal } = options;
  const { files, bootRecords, disk } = await bootLoaders({
    ...options,
    ...{ kernel: "boot/vmlinuz", initramfs: "boot/initramfs" },
  });
  const tree = new Map<string, FileEntry>([
    ["boot/vmlinuz", await wholeFile(options.kernel)],
    ["boot/initramfs", await wholeFile(options.initramfs)],
    ...options.files,
    ...files,
  ]);
  await writeIso({ tree, volumeId, time, bootRecords, disk, path, signal });
}

/** An entry with the bytes of that file, which are read when the ISO is written. */
export async function wholeFile(path: string): Promise<FileEntry> {
  const content: Content = { kind: "slice", path, offset: 0, size: (await stat(path)).size };
  return { type: "file", uid: 0, gid: 0, mode: 0o644, content };
}
