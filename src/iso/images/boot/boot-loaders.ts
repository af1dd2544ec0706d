import type { FileEntry, FileTree } from "../../../bytes/file-tree.ts";
import type { BootRecord } from "../../../bytes/iso9660/el-torito.ts";
import type { DiskBoot } from "../../../bytes/iso9660/system-area.ts";
import type { Architecture } from "../../../host/architecture.ts";
import { grub, grubPackagedPaths } from "./grub.ts";
import { isolinux, isolinuxPackagedPaths } from "./isolinux.ts";
import type { KernelBoot } from "./kernel-boot.ts";

export interface BootLoaderOptions extends KernelBoot {
  /** Unpacked packages, of which `isOfBootLoader` tells the paths that are needed. */
  readonly packaged: FileTree;
  readonly architecture: Architecture;
  /** Of the ISO, as writeIso gets it. */
  readonly volumeId: string;
  /** Of the ISO, as writeIso gets it. */
  readonly time: Date;
}

/** What makes an ISO bootable, to be handed to writeIso. */
export interface BootLoaders {
  /** Files besides the kernel and the initramfs, by path. */
  readonly files: ReadonlyMap<string, FileEntry>;
  readonly bootRecords: readonly BootRecord[];
  readonly disk: DiskBoot;
}

/** Whether this path of a package is a boot loader's file. */
export function isOfBootLoader(path: string): boolean {
  return isolinuxPackagedPaths.includes(path) || grubPackagedPaths.includes(path);
}

/**
 * Boot loaders for every firmware of the architecture, from CD-ROM and from a disk that the ISO was
 * written to: isolinux where there is a BIOS, which amd64 alone has; shim and GRUB for UEFI, with
 * Secure Boot or without.
 * @throws Error when a package lacks a file that is needed.
 */
export async function bootLoaders(options: BootLoaderOptions): Promise<BootLoaders> {
  const { packaged, architecture } = options;
  const bios = architecture === "amd64" ? await isolinux(packaged, options) : undefined;
  const serial = serialOf(options.time);
  const uefi = grub(packaged, { ...options, serial });
  return {
    files: new Map([...(bios?.files ?? []), ...uefi.files]),
    // The first is what firmware takes that looks at no platform.
    bootRecords: [...(bios ? [bios.bootRecord] : []), uefi.bootRecord],
    disk: {
      diskSignature: serial,
      ...(bios && { bios: bios.disk }),
      efiSystemPartition: uefi.bootRecord.path,
    },
  };
}

/** Seconds, of which every time at which an ISO is made has its own. */
function serialOf(time: Date): number {
  return Math.floor(time.getTime() / 1000) % 2 ** 32;
}
