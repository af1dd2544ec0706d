// The master boot record: UEFI 2.10 section 5.2.1, which says what older systems agreed on.
// Numbers in comments are byte positions.
import { uint8, uint16le, uint32le } from "../integers.ts";

/** Bytes of a sector as disks and their partition tables count them. */
export const diskSectorSize = 512;

export interface MasterBootRecord {
  /** What a BIOS runs: at most 440 bytes. */
  readonly code: Uint8Array;
  /** 32 bits by which systems tell disks apart. */
  readonly diskSignature: number;
  /** At most four, which do not overlap. */
  readonly partitions: readonly Partition[];
}

export interface Partition {
  readonly type: number;
  readonly firstSector: number;
  readonly sectorCount: number;
  /** Whether a BIOS is to boot it; many boot no disk without such a partition. */
  readonly isActive: boolean;
}

/** UEFI 2.10 section 5.2.2: what firmware looks for on removable disks without a GPT. */
export const efiSystemPartitionType = 0xef;

const codeRoom = 440;
const maxPartitions = 4;

/** The disk's first sector. @throws RangeError for what it cannot hold. */
export function masterBootRecord({
  code,
  diskSignature,
  partitions,
}: MasterBootRecord): Uint8Array {
  if (code.length > codeRoom)
    throw new RangeError(`${code.length} bytes of boot code are too many`);
  if (partitions.length > maxPartitions) {
    throw new RangeError(`${partitions.length} partitions are too many for an MBR`);
  }
  requireDisjoint(partitions);
  const unused = new Uint8Array((maxPartitions - partitions.length) * 16);
  return Buffer.concat([
    code,
    new Uint8Array(codeRoom - code.length),
    uint32le(diskSignature), // 440
    uint16le(0), // 444
    ...partitions.map(partitionRecord), // 446
    unused,
    Uint8Array.of(0x55, 0xaa), // 510
  ]);
}

/** UEFI firmware ignores a whole table in which two partitions overlap. */
function requireDisjoint(partitions: readonly Partition[]): void {
  const sorted = partitions.toSorted((a, b) => a.firstSector - b.firstSector);
  for (const [index, { firstSector }] of sorted.entries()) {
    const before = sorted[index - 1];
    if (before !== undefined && before.firstSector + before.sectorCount > firstSector) {
      throw new RangeError(`two partitions hold sector ${firstSector}`);
    }
  }
}

function partitionRecord({ type, firstSector, sectorCount, isActive }: Partition): Uint8Array {
  return Buffer.concat([
    uint8(isActive ? 0x80 : 0),
    cylinderHeadSector(firstSector), // 1
    uint8(type), // 4
    cylinderHeadSector(firstSector + Math.max(sectorCount, 1) - 1), // 5
    uint32le(firstSector), // 8
    uint32le(sectorCount), // 12
  ]);
}

/** Cylinders of 1 MiB, by which a BIOS that guesses the geometry from the table guesses right. */
const headCount = 64;
const sectorsPerTrack = 32;
const maxCylinder = 1023;

/** Head, sector from 1 on with the upper bits of the cylinder, its lower bits. */
function cylinderHeadSector(sector: number): Uint8Array {
  const cylinder = Math.floor(sector / (headCount * sectorsPerTrack));
  // UEFI 2.10 table 5.3: all bits are set when the place cannot be written so.
  if (cylinder > maxCylinder) return Uint8Array.of(0xff, 0xff, 0xff);
  const head = Math.floor(sector / sectorsPerTrack) % headCount;
  const sectorInTrack = (sector % sectorsPerTrack) + 1;
  return Uint8Array.of(head, ((cylinder >> 8) << 6) | sectorInTrack, cylinder & 0xff);
}
