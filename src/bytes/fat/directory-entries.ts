// The 32 bytes that a directory has for each file: ECMA-107 section 11.
import { asciiField, uint8, uint16le, uint32le } from "../integers.ts";
import { encodeLabel, encodeName } from "./names.ts";

export interface DirectoryEntry {
  readonly isDirectory: boolean;
  /** 0 for an empty file, and for the root directory. */
  readonly firstCluster: number;
  /** Bytes; 0 for a directory. */
  readonly size: number;
  readonly time: Date;
}

const labelAttribute = 0x08;
const directoryAttribute = 0x10;
const archiveAttribute = 0x20;

/** @throws Error for a name that is not of the form 8.3. */
export function fileEntry(name: string, entry: DirectoryEntry): Uint8Array {
  const attribute = entry.isDirectory ? directoryAttribute : archiveAttribute;
  return encode(encodeName(name), { ...entry, attribute });
}

/** The root directory's entry that names the volume. */
export function labelEntry(label: string, time: Date): Uint8Array {
  const fields = { attribute: labelAttribute, firstCluster: 0, size: 0, time };
  return encode(encodeLabel(label), fields);
}

/** The first two entries of every other directory. */
export function dotEntries(own: number, parent: number, time: Date): Uint8Array[] {
  const fields = { attribute: directoryAttribute, size: 0, time };
  return [
    encode(asciiField(".", 11), { ...fields, firstCluster: own }),
    encode(asciiField("..", 11), { ...fields, firstCluster: parent }),
  ];
}

interface Fields extends Omit<DirectoryEntry, "isDirectory"> {
  readonly attribute: number;
}

function encode(name: Uint8Array, { attribute, firstCluster, size, time }: Fields): Uint8Array {
  const stamp = Buffer.concat([timeOf(time), dateOf(time)]);
  return Buffer.concat([
    name,
    uint8(attribute), // 11
    uint8(0), // 12
    uint8(0), // 13 tenths of the creation's seconds
    stamp, // 14 creation
    dateOf(time), // 18 last access
    uint16le(0), // 20 of FAT32
    stamp, // 22 last write
    uint16le(firstCluster), // 26
    uint32le(size), // 28
  ]);
}

/** Hours, minutes, and seconds in twos. */
function timeOf(time: Date): Uint8Array {
  const halfSeconds = Math.floor(time.getUTCSeconds() / 2);
  return uint16le((time.getUTCHours() << 11) | (time.getUTCMinutes() << 5) | halfSeconds);
}

/** Years since 1980, of which there is room for 128. */
function dateOf(time: Date): Uint8Array {
  const years = time.getUTCFullYear() - 1980;
  if (years < 0 || years > 127) throw new RangeError(`FAT has no dates of ${years + 1980}`);
  return uint16le((years << 9) | ((time.getUTCMonth() + 1) << 5) | time.getUTCDate());
}
