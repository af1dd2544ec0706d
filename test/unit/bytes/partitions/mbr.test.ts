import { expect, test } from "vitest";
import { masterBootRecord } from "../../../../src/bytes/partitions/mbr.ts";

const partition = { type: 0x17, firstSector: 0, sectorCount: 2048, isActive: false };
const empty = { code: new Uint8Array(0), diskSignature: 0, partitions: [] };

test("a record holds the code, the signature and a table of four partitions", () => {
  const record = Buffer.from(
    masterBootRecord({
      code: Buffer.alloc(440, 0xcc),
      diskSignature: 0x12345678,
      partitions: [
        { ...partition, sectorCount: 6000, isActive: true },
        { type: 0xef, firstSector: 6000, sectorCount: 3_000_000, isActive: false },
      ],
    }),
  );
  const lines = [446, 462, 478, 494].map((start) => record.toString("hex", start, start + 16));
  expect(record).toHaveLength(512);
  expect(record.subarray(0, 440)).toEqual(Buffer.alloc(440, 0xcc));
  expect(record.toString("hex", 440, 446)).toBe("785634120000");
  expect(lines).toEqual([
    // Sector 5999 is in cylinder 2, head 59, the 16th of its track.
    "80000100173b10020000000070170000",
    // Sector 3,005,999 lies behind cylinder 1023.
    "003b1102efffffff70170000c0c62d00",
    "00".repeat(16),
    "00".repeat(16),
  ]);
  expect(record.toString("hex", 510)).toBe("55aa");
});

test("what does not fit is refused", () => {
  expect(() => masterBootRecord({ ...empty, code: new Uint8Array(441) })).toThrow(RangeError);
  expect(() => masterBootRecord({ ...empty, diskSignature: 2 ** 32 })).toThrow(RangeError);
  const five = Array.from({ length: 5 }, (_, index) => ({
    ...partition,
    firstSector: index * 2048,
  }));
  expect(() => masterBootRecord({ ...empty, partitions: five })).toThrow(RangeError);
  expect(masterBootRecord({ ...empty, partitions: five.slice(1) })).toHaveLength(512);
});

test("partitions that overlap are refused, in whatever order they come", () => {
  const partitions = [{ ...partition, firstSector: 2047 }, partition];
  expect(() => masterBootRecord({ ...empty, partitions })).toThrow(
    "two partitions hold sector 2047",
  );
});
