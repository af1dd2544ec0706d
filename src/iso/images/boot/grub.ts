import type { Content } from "../../../bytes/content.ts";
import { fatImage } from "../../../bytes/fat/write-fat.ts";
import type { FileEntry, FileTree } from "../../../bytes/file-tree.ts";
import type { BootRecord } from "../../../bytes/iso9660/el-torito.ts";
import type { Architecture } from "../../../host/architecture.ts";
import { fileIn, textFile } from "../package-tree.ts";
import type { KernelBoot } from "./kernel-boot.ts";

/** What UEFI boots: shim, which Microsoft has signed, then GRUB and the kernel, signed by Debian. */
export interface Grub {
  readonly files: readonly (readonly [path: string, entry: FileEntry])[];
  /** Its image is the file system of a disk's EFI system partition, too. */
  readonly bootRecord: BootRecord;
}

export interface GrubOptions extends KernelBoot {
  readonly architecture: Architecture;
  /** Of the ISO, by which GRUB finds it. */
  readonly volumeId: string;
  readonly time: Date;
  /** Of the EFI system partition: 32 bits. */
  readonly serial: number;
}

interface Programs {
  /** Paths of Debian's packages shim-signed and grub-efi-ARCHITECTURE-signed. */
  readonly shim: string;
  readonly grub: string;
  /** Names in EFI/BOOT: UEFI 2.10 table 3.2, and the one that this shim starts. */
  readonly shimName: string;
  readonly grubName: string;
}

const programs: Readonly<Record<Architecture, Programs>> = {
  amd64: {
    shim: "usr/lib/shim/shimx64.efi.signed",
    grub: "usr/lib/grub/x86_64-efi-signed/gcdx64.efi.signed",
    shimName: "BOOTX64.EFI",
    grubName: "GRUBX64.EFI",
  },
  arm64: {
    shim: "usr/lib/shim/shimaa64.efi.signed",
    grub: "usr/lib/grub/arm64-efi-signed/gcdaa64.efi.signed",
    shimName: "BOOTAA64.EFI",
    grubName: "GRUBAA64.EFI",
  },
};

const systemPartition = "boot/efi.img";

/** The files of Debian's packages that are needed, of all architectures. */
export const grubPackagedPaths: readonly string[] = Object.values(programs).flatMap(
  ({ shim, grub }) => [shim, grub],
);

/** @throws Error when a package lacks what is needed. */
export function grub(packaged: FileTree, options: GrubOptions): Grub {
  const { shim, grub, shimName, grubName } = programs[options.architecture];
  const configuration = textFile(grubConfiguration(options));
  // GRUB reads its settings on the device that it was loaded from: from a disk's system partition,
  // but on a CD-ROM from the ISO, because GRUB takes the image there for a part of the ISO.
  const content: Content = fatImage(
    new Map<string, FileEntry>([
      [`EFI/BOOT/${shimName}`, fileIn(packaged, shim)],
      [`EFI/BOOT/${grubName}`, fileIn(packaged, grub)],
      ["BOOT/GRUB/GRUB.CFG", configuration],
    ]),
    { label: "TSM_EFI", serial: options.serial, time: options.time },
  );
  return {
    files: [
      [systemPartition, { type: "file", mode: 0o644, uid: 0, gid: 0, content }],
      ["boot/grub/grub.cfg", configuration],
    ],
    bootRecord: { platform: "uefi", path: systemPartition },
  };
}

/** https://www.gnu.org/software/grub/manual/grub/grub.html#Commands */
function grubConfiguration({ volumeId, kernel, initramfs, commandLine }: GrubOptions): string {
  return [
    `search --no-floppy --label ${volumeId} --set root`,
    `linux /${kernel} ${commandLine}`,
    `initrd /${initramfs}`,
    "boot",
    "",
  ].join("\n");
}
