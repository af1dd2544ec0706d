// The boot sector with its BIOS parameter block: ECMA-107 section 9, and Microsoft, "FAT: General
// Overview of On-Disk Format", version 1.03. Numbers in comments are byte positions.
import { ascii, asciiField, uint8, uint16le, uint32le } from "../integers.ts";
import { diskSectorSize } from "../partitions/mbr.ts";
import { fatCount, type Geometry, reservedSectors, rootEntries } from "./geometry.ts";
import { encodeLabel } from "./names.ts";

/** A disk that cannot be taken out of its drive; also the first byte of each FAT. */
export const mediaDescriptor = 0xf8;

export interface VolumeIdentity {
  /** 32 bits by which systems tell volumes apart. */
  readonly serial: number;
  /** At most 11 of A-Z, 0-9 and "_". */
  readonly label: string;
}

export function bootSector(geometry: Geometry, { serial, label }: VolumeIdentity): Uint8Array {
  const { clusterSize, sectorCount, sectorsPerFat, entryBits } = geometry;
  const isSmall = sectorCount <= 0xffff;
  const start = Buffer.concat([
    Uint8Array.of(0xeb, 0x3c, 0x90), // 0 jump to 62
    ascii("MSWIN4.1"), // 3 the name that no driver minds
    uint16le(diskSectorSize), // 11
    uint8(clusterSize / diskSectorSize), // 13
    uint16le(reservedSectors), // 14
    uint8(fatCount), // 16
    uint16le(rootEntries), // 17
    uint16le(isSmall ? sectorCount : 0), // 19
    uint8(mediaDescriptor), // 21
    uint16le(sectorsPerFat), // 22
    uint16le(32), // 24 sectors per track
    uint16le(64), // 26 heads
    uint32le(0), // 28 sectors before the volume, which only its own boot code would need
    uint32le(isSmall ? 0 : sectorCount), // 32
    uint8(0x80), // 36 drive number
    uint8(0), // 37
    uint8(0x29), // 38 the next three fields are there
    uint32le(serial), // 39
    encodeLabel(label), // 43
    asciiField(`FAT${entryBits}`, 8), // 54
    Uint8Array.of(0xcd, 0x18, 0xeb, 0xfe), // 62 int 18h: the BIOS goes on to its next device
  ]);
  const end = Uint8Array.of(0x55, 0xaa); // 510
  return Buffer.concat([start, new Uint8Array(diskSectorSize - start.length - end.length), end]);
}
