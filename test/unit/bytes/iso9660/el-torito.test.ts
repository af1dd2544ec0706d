import { expect, test } from "vitest";
import { bootCatalog, withBootInfoTable } from "../../../../src/bytes/iso9660/el-torito.ts";

const bios = { platform: "bios", path: "isolinux.bin" } as const;
const uefi = { platform: "uefi", path: "efi.img" } as const;
const hexLines = (bytes: Uint8Array, count: number) =>
  Array.from({ length: count }, (_, index) =>
    Buffer.from(bytes)
      .subarray(index * 32, index * 32 + 32)
      .toString("hex")
      .replace(/(00)*$/, ""),
  );

test("a catalog has a validation entry, a default entry, and a section for each other platform", () => {
  const catalog = bootCatalog([
    { record: bios, image: { sector: 0x123, size: 40_000 } },
    { record: uefi, image: { sector: 0x456, size: 1_440_000 } },
  ]);
  expect(catalog).toHaveLength(2048);
  expect(hexLines(catalog, 5)).toEqual(
    [
      "01000000000000000000000000000000000000000000000000000000aa5555aa",
      "8800000000000400230100",
      "91ef01",
      "880000000000fd0a560400",
      "",
    ].map((line) => line.replace(/(00)*$/, "")),
  );
});

test("only the last section is marked as the last", () => {
  const image = { sector: 1, size: 1 };
  const catalog = bootCatalog([bios, uefi, bios].map((record) => ({ record, image })));
  expect([catalog[64], catalog[128]]).toEqual([0x90, 0x91]);
});

test("the validation entry names the default's platform, and its words add up to 0", () => {
  const catalog = Buffer.from(bootCatalog([{ record: uefi, image: { sector: 1, size: 1 } }]));
  expect(catalog[1]).toBe(0xef);
  let sum = 0;
  for (let position = 0; position < 32; position += 2) sum += catalog.readUInt16LE(position);
  expect(sum & 0xffff).toBe(0);
});

test("a UEFI image too large for the field has the size 0, which stands for all that follows", () => {
  const size = 0x10000 * 512;
  const catalog = Buffer.from(bootCatalog([{ record: uefi, image: { sector: 1, size } }]));
  expect(catalog.readUInt16LE(32 + 6)).toBe(0);
});

test("a catalog of no record or of too many is refused", () => {
  const image = { sector: 1, size: 1 };
  expect(() => bootCatalog([])).toThrow(RangeError);
  const records = Array.from({ length: 32 }, () => ({ record: bios, image }));
  expect(() => bootCatalog(records)).toThrow(RangeError);
  expect(bootCatalog(records.slice(1))).toHaveLength(2048);
});

test("the boot information table names places, size and checksum, and leaves the rest", () => {
  const image = Buffer.alloc(71, 0xff);
  const patched = Buffer.from(withBootInfoTable(image, 0x1234));
  expect(patched.subarray(0, 8)).toEqual(image.subarray(0, 8));
  expect(patched.subarray(64)).toEqual(image.subarray(64));
  expect(patched.readUInt32LE(8)).toBe(16);
  expect(patched.readUInt32LE(12)).toBe(0x1234);
  expect(patched.readUInt32LE(16)).toBe(71);
  // The seven bytes from 64 on, filled up with a zero.
  expect(patched.readUInt32LE(20)).toBe((0xffffffff + 0x00ffffff) % 2 ** 32);
  expect(patched.subarray(24, 64)).toEqual(Buffer.alloc(40));
  expect(image.readUInt32LE(8)).toBe(0xffffffff);
});

test("an image without room for the table is refused", () => {
  expect(() => withBootInfoTable(Buffer.alloc(63), 1)).toThrow(RangeError);
});
