// ECMA-119 9.4: all folders of the volume, so that one is found without walking to it.
import { uint8, uint16be, uint16le, uint32be, uint32le } from "../../integers.ts";

export interface PathTableRecord {
  readonly identifier: Uint8Array;
  readonly sector: number;
  /** Position of the parent folder's record in the table, counted from 1. */
  readonly parentNumber: number;
}

/** ECMA-119 6.9.1: records in the order of level, parent number and identifier. */
export function pathTable(
  records: readonly PathTableRecord[],
  byteOrder: "little-endian" | "big-endian",
): Uint8Array {
  const [uint32, uint16] =
    byteOrder === "little-endian" ? [uint32le, uint16le] : [uint32be, uint16be];
  return Buffer.concat(
    records.flatMap(({ identifier, sector, parentNumber }) => [
      uint8(identifier.length),
      uint8(0), // extended attribute record: none
      uint32(sector),
      uint16(parentNumber),
      identifier,
      new Uint8Array(identifier.length % 2),
    ]),
  );
}
