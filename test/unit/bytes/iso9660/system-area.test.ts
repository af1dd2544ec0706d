import { buffer } from "node:stream/consumers";
import { expect, test } from "vitest";
import { layOutIso } from "../../../../src/bytes/iso9660/layout.ts";
import type { DiskBoot } from "../../../../src/bytes/iso9660/system-area.ts";
import { isoChunks } from "../../../../src/bytes/iso9660/write-iso.ts";
import { file } from "../../../support/archives/contents.ts";
import { readIso } from "../../../support/archives/iso-reader.ts";

const volume = { volumeId: "SAMPLE", time: new Date("2026-03-04T05:06:07Z") };
const tree = new Map([
  ["boot/efi.img", file(Buffer.alloc(5000, 1))],
  ["isolinux/isolinux.bin", file(Buffer.alloc(3000, 2))],
  ["z/last/in/order", file("z")],
]);
const disk: DiskBoot = {
  diskSignature: 0xcafe,
  bios: { code: Buffer.alloc(400, 0xcc), image: "isolinux/isolinux.bin" },
  efiSystemPartition: "boot/efi.img",
};

function encode(options: { readonly disk: DiskBoot }): Promise<Buffer> {
  return buffer(isoChunks(layOutIso(tree, { ...volume, ...options })));
}

test("isolinux's code finds the address of isolinux behind itself, in sectors of 512 bytes", async () => {
  const image = await encode({ disk });
  const sector = readIso(image).get("isolinux/isolinux.bin")?.sector ?? 0;
  expect(image.subarray(0, 432)).toEqual(
    Buffer.concat([Buffer.alloc(400, 0xcc), Buffer.alloc(32)]),
  );
  expect(image.readBigUInt64LE(432)).toBe(BigInt(sector * 4));
  expect(image.readUInt32LE(440)).toBe(0xcafe);
  expect(image.subarray(512, 16 * 2048).every((byte) => byte === 0)).toBe(true);
});

test("the EFI system partition comes last, after a partition of all the rest", async () => {
  const image = await encode({ disk });
  const sector = readIso(image).get("boot/efi.img")?.sector ?? 0;
  expect(sector + 3).toBe(image.length / 2048);
  const tableOf = (start: number) => ({
    status: image.readUInt8(start),
    type: image.readUInt8(start + 4),
    firstSector: image.readUInt32LE(start + 8),
    sectorCount: image.readUInt32LE(start + 12),
  });
  expect(tableOf(446)).toEqual({
    status: 0x80,
    type: 0x17,
    firstSector: 0,
    sectorCount: sector * 4,
  });
  expect(tableOf(462)).toEqual({ status: 0, type: 0xef, firstSector: sector * 4, sectorCount: 12 });
});

test("without a BIOS there is no code", async () => {
  const image = await encode({ disk: { diskSignature: 1, efiSystemPartition: "boot/efi.img" } });
  expect(image.subarray(0, 440)).toEqual(Buffer.alloc(440));
  expect(image.toString("hex", 510, 512)).toBe("55aa");
});

test.each([
  [{ ...disk, efiSystemPartition: "boot/gone" }, "boot image boot/gone is not a file of the tree"],
  [{ ...disk, bios: { code: new Uint8Array(0), image: "gone" } }, "boot image gone is not a file"],
  [{ ...disk, bios: { code: new Uint8Array(433), image: "boot/efi.img" } }, "433 bytes"],
])("a disk that cannot be booted is refused: %#", (unbootable, problem) => {
  expect(() => layOutIso(tree, { ...volume, disk: unbootable })).toThrow(problem);
});
