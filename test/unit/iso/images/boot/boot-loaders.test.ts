import { expect, test } from "vitest";
import { readContent } from "../../../../../src/bytes/content.ts";
import type { FileTree } from "../../../../../src/bytes/file-tree.ts";
import {
  type BootLoaders,
  bootLoaders,
  isOfBootLoader,
} from "../../../../../src/iso/images/boot/boot-loaders.ts";
import { file, textAt } from "../../../../support/archives/contents.ts";
import { readFat } from "../../../../support/archives/fat-reader.ts";

const paths = {
  amd64: [
    "usr/lib/ISOLINUX/isohdpfx.bin",
    "usr/lib/ISOLINUX/isolinux.bin",
    "usr/lib/grub/x86_64-efi-signed/gcdx64.efi.signed",
    "usr/lib/shim/shimx64.efi.signed",
    "usr/lib/syslinux/modules/bios/ldlinux.c32",
  ],
  arm64: ["usr/lib/grub/arm64-efi-signed/gcdaa64.efi.signed", "usr/lib/shim/shimaa64.efi.signed"],
} as const;

/** Each file holds its own path. */
function packaged(architecture: keyof typeof paths): FileTree {
  return new Map(paths[architecture].map((path) => [path, file(path)]));
}

function loadersOf(architecture: keyof typeof paths, tree = packaged(architecture)) {
  return bootLoaders({
    ...{ packaged: tree, architecture, volumeId: "TSM_BOOT" },
    time: new Date("2026-03-04T05:06:07Z"),
    ...{ kernel: "boot/vmlinuz", initramfs: "boot/initramfs", commandLine: "quiet a=1" },
  });
}

async function systemPartition({ files, disk }: BootLoaders) {
  const entry = files.get(disk.efiSystemPartition);
  if (entry?.type !== "file") throw new Error("there is no EFI system partition");
  const { entries } = readFat(Buffer.from(await readContent(entry.content)));
  return new Map([...entries].flatMap(([path, bytes]) => (bytes ? [[path, `${bytes}`]] : [])));
}

const grubConfiguration = [
  "search --no-floppy --label TSM_BOOT --set root",
  "linux /boot/vmlinuz quiet a=1",
  "initrd /boot/initramfs",
  "boot",
  "",
].join("\n");

test("a BIOS and UEFI boot amd64 from CD-ROM and from disk", async () => {
  const loaders = await loadersOf("amd64");
  expect(loaders.bootRecords).toEqual([
    { platform: "bios", path: "isolinux/isolinux.bin", bootInfoTable: true },
    { platform: "uefi", path: "boot/efi.img" },
  ]);
  expect(loaders.disk).toEqual({
    diskSignature: Date.UTC(2026, 2, 4, 5, 6, 7) / 1000,
    bios: { code: Buffer.from(paths.amd64[0]), image: "isolinux/isolinux.bin" },
    efiSystemPartition: "boot/efi.img",
  });
  expect(await textAt(loaders.files, "isolinux/isolinux.bin")).toBe(paths.amd64[1]);
  expect(await textAt(loaders.files, "isolinux/ldlinux.c32")).toBe(paths.amd64[4]);
  const settings = (await textAt(loaders.files, "isolinux/isolinux.cfg"))?.split("\n");
  expect(settings).toContain("  LINUX /boot/vmlinuz");
  expect(settings).toContain("  INITRD /boot/initramfs");
  expect(settings).toContain("  APPEND quiet a=1");
});

test("only UEFI boots arm64", async () => {
  const loaders = await loadersOf("arm64");
  expect(loaders.bootRecords).toEqual([{ platform: "uefi", path: "boot/efi.img" }]);
  expect(loaders.disk.bios).toBeUndefined();
  expect([...loaders.files.keys()].sort()).toEqual(["boot/efi.img", "boot/grub/grub.cfg"]);
});

test.each([
  ["amd64", "X64"],
  ["arm64", "AA64"],
] as const)(
  "the EFI system partition of %s holds shim, GRUB and its configuration",
  async (architecture, suffix) => {
    const loaders = await loadersOf(architecture);
    const [grub, shim] = paths[architecture].slice(-3).filter((path) => path.includes("signed"));
    expect(await systemPartition(loaders)).toEqual(
      new Map([
        ["BOOT/GRUB/GRUB.CFG", grubConfiguration],
        [`EFI/BOOT/BOOT${suffix}.EFI`, shim],
        [`EFI/BOOT/GRUB${suffix}.EFI`, grub],
      ]),
    );
    expect(await textAt(loaders.files, "boot/grub/grub.cfg")).toBe(grubConfiguration);
  },
);

test.each(["amd64", "arm64"] as const)(
  "every file of a package is asked for and needed: %s",
  async (architecture) => {
    for (const path of paths[architecture]) {
      expect(isOfBootLoader(path)).toBe(true);
      const tree = new Map(packaged(architecture));
      tree.delete(path);
      await expect(loadersOf(architecture, tree)).rejects.toThrow(
        `no package has the file ${path}`,
      );
    }
    expect(isOfBootLoader("usr/lib/ISOLINUX/isohdppx.bin")).toBe(false);
  },
);

test("the same input gives the same files", async () => {
  const [first, second] = [await loadersOf("amd64"), await loadersOf("amd64")];
  expect(second).toEqual(first);
});
