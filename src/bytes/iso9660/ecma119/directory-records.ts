// ECMA-119 9.1: one record per file in a folder's extent.
import { uint8 } from "../../integers.ts";
import { type Extent, sectorSize } from "../sectors.ts";
import { both16, both32 } from "./numbers.ts";

/** ECMA-119 7.6.2: how the root, and every folder in its own first record, is called. */
export const rootIdentifier: Uint8Array = Uint8Array.of(0);
/** ECMA-119 7.6.2: how a folder's second record calls its parent. */
export const parentIdentifier: Uint8Array = Uint8Array.of(1);

/** A record's length is one byte and even. */
const maxRecordSize = 254;
const directoryFlag = 0x02;

export interface DirectoryRecord {
  readonly identifier: Uint8Array;
  readonly extent: Extent;
  readonly isDirectory: boolean;
  /** As `recordingDate` gives it. */
  readonly date: Uint8Array;
  /** SUSP fields; no more bytes than `systemUseRoom`. */
  readonly systemUse: Uint8Array;
}

export function directoryRecord(record: DirectoryRecord): Uint8Array {
  const size = fixedSize(record.identifier) + record.systemUse.length;
  const start = Buffer.concat([
    uint8(size + (size % 2)),
    uint8(0), // extended attribute record: none
    both32(record.extent.sector),
    both32(record.extent.size),
    record.date,
    uint8(record.isDirectory ? directoryFlag : 0),
    uint8(0), // file unit size: not interleaved
    uint8(0), // interleave gap size
    both16(1), // volume sequence number
    uint8(record.identifier.length),
    record.identifier,
  ]);
  const padding = new Uint8Array(start.length % 2);
  return Buffer.concat([start, padding, record.systemUse, new Uint8Array(size % 2)]);
}

/** Bytes a record of this identifier leaves for SUSP fields. */
export function systemUseRoom(identifier: Uint8Array): number {
  return maxRecordSize - fixedSize(identifier);
}

/** The records one after another; ECMA-119 6.8.1.1: none crosses the end of a sector. */
export function packRecords(records: readonly Uint8Array[]): Uint8Array {
  const parts: Uint8Array[] = [];
  let size = 0;
  for (const record of records) {
    const left = sectorSize - (size % sectorSize);
    if (record.length > left) {
      parts.push(new Uint8Array(left));
      size += left;
    }
    parts.push(record);
    size += record.length;
  }
  return Buffer.concat(parts);
}

function fixedSize(identifier: Uint8Array): number {
  const size = 33 + identifier.length;
  return size + (size % 2);
}
