// ECMA-119 chapter 8: the descriptors from sector 16 on. Numbers in comments are byte positions.
import { ascii, asciiField, uint8, uint32be, uint32le } from "../../integers.ts";
import { type Extent, padToSector, sectorSize } from "../sectors.ts";
import { directoryRecord, rootIdentifier } from "./directory-records.ts";
import { both16, both32, noVolumeDate, recordingDate, volumeDate } from "./numbers.ts";

/** ECMA-119 6.2.1: sectors 0 to 15 are the system area, for boot loaders. */
export const firstDescriptorSector = 16;

export interface PrimaryVolume {
  /**
   * At most 32 of A-Z, 0-9 and "_"; readers also take lower-case letters, "-" and ".", which
   * ECMA-119 does not have.
   */
  readonly volumeId: string;
  readonly time: Date;
  readonly sectorCount: number;
  readonly pathTableSize: number;
  /** Sector of the little-endian path table. */
  readonly pathTableL: number;
  /** Sector of the big-endian path table. */
  readonly pathTableM: number;
  readonly root: Extent;
}

/** ECMA-119 8.4. */
export function primaryVolumeDescriptor(volume: PrimaryVolume): Uint8Array {
  if (!/^[A-Za-z0-9_.-]{1,32}$/.test(volume.volumeId)) {
    throw new RangeError(`"${volume.volumeId}" is not a volume identifier`);
  }
  return descriptor(1, [
    uint8(0),
    asciiField("", 32), // 9 system identifier
    asciiField(volume.volumeId, 32), // 41
    new Uint8Array(8),
    both32(volume.sectorCount), // 81 volume space size
    new Uint8Array(32),
    both16(1), // 121 volume set size
    both16(1), // 125 volume sequence number
    both16(sectorSize), // 129 logical block size
    both32(volume.pathTableSize), // 133
    uint32le(volume.pathTableL), // 141
    uint32le(0), // 145 optional path table: none
    uint32be(volume.pathTableM), // 149
    uint32be(0),
    directoryRecord({
      identifier: rootIdentifier,
      extent: volume.root,
      isDirectory: true,
      date: recordingDate(volume.time),
      systemUse: new Uint8Array(0),
    }), // 157
    asciiField("", 128), // 191 volume set identifier
    asciiField("", 128), // 319 publisher
    asciiField("", 128), // 447 data preparer
    asciiField("", 128), // 575 application
    asciiField("", 37), // 703 copyright file
    asciiField("", 37), // 740 abstract file
    asciiField("", 37), // 777 bibliographic file
    volumeDate(volume.time), // 814 creation
    volumeDate(volume.time), // 831 modification
    noVolumeDate, // 848 expiration
    noVolumeDate, // 865 effective
    uint8(1), // 882 file structure version
  ]);
}

/** ECMA-119 8.2 as El Torito 2.0 figure 7 fills it: it must be in sector 17. */
export function bootRecordDescriptor(catalogSector: number): Uint8Array {
  return descriptor(0, [
    asciiField("EL TORITO SPECIFICATION", 32, "\0"),
    new Uint8Array(32),
    uint32le(catalogSector),
  ]);
}

/** ECMA-119 8.3. */
export function setTerminator(): Uint8Array {
  return descriptor(255, []);
}

function descriptor(type: number, content: readonly Uint8Array[]): Uint8Array {
  const version = 1;
  return padToSector(Buffer.concat([uint8(type), ascii("CD001"), uint8(version), ...content]));
}
