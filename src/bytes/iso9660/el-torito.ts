// El Torito bootable CD-ROM format 1.0, https://pdos.csail.mit.edu/6.828/2014/readings/boot-cdrom.pdf
// and UEFI 2.10 section 13.3.2.
import { asciiField, uint8, uint16le, uint32le } from "../integers.ts";
import { firstDescriptorSector } from "./ecma119/volume-descriptors.ts";
import { type Extent, padToSector, sectorSize } from "./sectors.ts";

export interface BootRecord {
  readonly platform: "bios" | "uefi";
  /** The boot image: a file of the tree. */
  readonly path: string;
  /** Write the table that isolinux needs into the image; false unless given. */
  readonly bootInfoTable?: boolean;
}

/** Section 2.1, and UEFI 2.10 section 13.3.2.1. */
const platformIds = { bios: 0x00, uefi: 0xef } as const;
const entrySize = 32;
const maxRecords = sectorSize / entrySize / 2 - 1;
const virtualSectorSize = 512;

/**
 * The boot catalog, one sector: the first record is the default entry, every other one has a
 * section of its own. @throws RangeError for no record or over 31.
 */
export function bootCatalog(
  records: readonly { readonly record: BootRecord; readonly image: Extent }[],
): Uint8Array {
  const [first, ...others] = records;
  if (first === undefined || records.length > maxRecords) {
    throw new RangeError(`${records.length} boot records do not make a catalog`);
  }
  const sections = others.flatMap(({ record, image }, index) => [
    sectionHeader(record, index === others.length - 1),
    bootEntry(record, image),
  ]);
  return padToSector(
    Buffer.concat([
      validationEntry(first.record),
      bootEntry(first.record, first.image),
      ...sections,
    ]),
  );
}

/** Section 2.1: the sum of its 16-bit words is 0. */
function validationEntry({ platform }: BootRecord): Uint8Array {
  const entry = Buffer.concat([
    uint8(1),
    uint8(platformIds[platform]),
    new Uint8Array(2),
    new Uint8Array(24), // manufacturer
    new Uint8Array(2), // checksum
    Uint8Array.of(0x55, 0xaa),
  ]);
  let sum = 0;
  for (let position = 0; position < entrySize; position += 2) sum += entry.readUInt16LE(position);
  entry.writeUInt16LE(-sum & 0xffff, 28);
  return entry;
}

/** Section 2.3. */
function sectionHeader({ platform }: BootRecord, isLast: boolean): Uint8Array {
  const entryCount = 1;
  return Buffer.concat([
    uint8(isLast ? 0x91 : 0x90),
    uint8(platformIds[platform]),
    uint16le(entryCount),
    asciiField("", 28, "\0"),
  ]);
}

/** Sections 2.2 and 2.4: bootable, no emulation, loaded at the default segment. */
function bootEntry({ platform }: BootRecord, image: Extent): Uint8Array {
  return Buffer.concat([
    uint8(0x88),
    uint8(0), // media type: no emulation
    uint16le(0), // load segment
    uint8(0), // system type
    uint8(0),
    uint16le(sectorCount(platform, image.size)),
    uint32le(image.sector),
    new Uint8Array(20),
  ]);
}

/**
 * A BIOS loads the first 2 KiB, and the loader the rest. To UEFI it is the size of a file system;
 * 0 stands for one that does not fit the field (UEFI 2.10 section 13.3.2.1).
 */
function sectorCount(platform: BootRecord["platform"], size: number): number {
  if (platform === "bios") return sectorSize / virtualSectorSize;
  const count = Math.ceil(size / virtualSectorSize);
  return count > 0xffff ? 0 : count;
}

const bootInfoOffset = 8;
const bootInfoEnd = 64;

/**
 * The boot image with the table of bytes 8 to 63 filled in: sector of the primary volume
 * descriptor, the image's own sector and size, and the sum of its 32-bit words from byte 64 on;
 * mkisofs(8), "-boot-info-table". @throws RangeError for an image that ends before.
 */
export function withBootInfoTable(image: Uint8Array, sector: number): Uint8Array {
  if (image.length < bootInfoEnd) throw new RangeError("a boot image has no room for its table");
  const words = Buffer.alloc(Math.ceil(image.length / 4) * 4);
  words.set(image);
  let checksum = 0;
  for (let position = bootInfoEnd; position < words.length; position += 4) {
    checksum = (checksum + words.readUInt32LE(position)) >>> 0;
  }
  const patched = Uint8Array.from(image);
  patched.fill(0, bootInfoOffset, bootInfoEnd);
  patched.set(
    Buffer.concat([firstDescriptorSector, sector, image.length, checksum].map(uint32le)),
    bootInfoOffset,
  );
  return patched;
}
