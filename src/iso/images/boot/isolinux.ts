import { readContent } from "../../../bytes/content.ts";
import type { FileEntry, FileTree } from "../../../bytes/file-tree.ts";
import type { BootRecord } from "../../../bytes/iso9660/el-torito.ts";
import type { DiskBoot } from "../../../bytes/iso9660/system-area.ts";
import { fileIn, textFile } from "../package-tree.ts";
import type { KernelBoot } from "./kernel-boot.ts";

/** What a BIOS boots: https://wiki.syslinux.org/wiki/index.php?title=ISOLINUX */
export interface Isolinux {
  readonly files: readonly (readonly [path: string, entry: FileEntry])[];
  readonly bootRecord: BootRecord;
  readonly disk: NonNullable<DiskBoot["bios"]>;
}

const packagedPaths = {
  loader: "usr/lib/ISOLINUX/isolinux.bin",
  diskCode: "usr/lib/ISOLINUX/isohdpfx.bin",
  library: "usr/lib/syslinux/modules/bios/ldlinux.c32",
} as const;

const loaderPath = "isolinux/isolinux.bin";

/** The files of Debian's packages isolinux and syslinux-common that are needed. */
export const isolinuxPackagedPaths: readonly string[] = Object.values(packagedPaths);

/** @throws Error when a package lacks what is needed. */
export async function isolinux(
  packaged: FileTree,
  { kernel, initramfs, commandLine }: KernelBoot,
): Promise<Isolinux> {
  const configuration = [
    "DEFAULT tsmachine",
    "PROMPT 0",
    "TIMEOUT 0",
    "LABEL tsmachine",
    `  LINUX /${kernel}`,
    `  INITRD /${initramfs}`,
    `  APPEND ${commandLine}`,
    "",
  ].join("\n");
  return {
    files: [
      [loaderPath, fileIn(packaged, packagedPaths.loader)],
      ["isolinux/ldlinux.c32", fileIn(packaged, packagedPaths.library)],
      ["isolinux/isolinux.cfg", textFile(configuration)],
    ],
    bootRecord: { platform: "bios", path: loaderPath, bootInfoTable: true },
    disk: {
      code: await readContent(fileIn(packaged, packagedPaths.diskCode).content),
      image: loaderPath,
    },
  };
}
