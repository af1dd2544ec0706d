// The first 32 KiB of a volume, which ISO 9660 leaves to others (ECMA-119 6.2.1): here a master boot
// record, so that firmware boots the image also from a disk. What isolinux's code expects there:
// "SYSLINUX isohybrid MBR" in https://dev.lovelyhq.com/libburnia/libisofs/src/branch/master/doc/boot_sectors.txt
import { uint32le } from "../integers.ts";
import {
  diskSectorSize,
  efiSystemPartitionType,
  masterBootRecord,
  type Partition,
} from "../partitions/mbr.ts";
import { firstDescriptorSector } from "./ecma119/volume-descriptors.ts";
import { type Extent, sectorSize, sectorsFor } from "./sectors.ts";

export interface DiskBoot {
  /** 32 bits by which systems tell disks apart. */
  readonly diskSignature: number;
  /** Where a BIOS boots the disk, too. */
  readonly bios?: {
    /** isolinux's code for a disk's first sector, isohdpfx.bin: at most 432 bytes. */
    readonly code: Uint8Array;
    /** Path of isolinux.bin in the tree. */
    readonly image: string;
  };
  /**
   * Path in the tree of the FAT file system from which UEFI boots. It comes after all other files,
   * so that it has a partition of its own after that of the rest.
   */
  readonly efiSystemPartition: string;
}

export const systemAreaSize: number = firstDescriptorSector * sectorSize;

/** "Hidden" IFS, as isohybrid has it: no system minds it, and Linux looks what is inside. */
const volumePartitionType = 0x17;
const imageAddressOffset = 432;
const diskSectorsPerSector = sectorSize / diskSectorSize;

type ExtentOf = (path: string) => Extent;

/** @throws RangeError for code of over 432 bytes. */
export function systemArea(disk: DiskBoot, extentOf: ExtentOf): Uint8Array {
  const area = new Uint8Array(systemAreaSize);
  const record = masterBootRecord({
    code: disk.bios === undefined ? new Uint8Array(0) : biosCode(disk.bios, extentOf),
    diskSignature: disk.diskSignature,
    partitions: partitions(extentOf(disk.efiSystemPartition)),
  });
  area.set(record);
  return area;
}

function partitions(system: Extent): Partition[] {
  const firstSector = system.sector * diskSectorsPerSector;
  return [
    // From the disk's first sector on, so that Linux can mount the partition, too.
    { type: volumePartitionType, firstSector: 0, sectorCount: firstSector, isActive: true },
    {
      type: efiSystemPartitionType,
      firstSector,
      sectorCount: sectorsFor(system.size) * diskSectorsPerSector,
      isActive: false,
    },
  ];
}

/** The code, and after it where isolinux lies: 64 bits, in sectors of 512 bytes. */
function biosCode({ code, image }: NonNullable<DiskBoot["bios"]>, extentOf: ExtentOf): Uint8Array {
  if (code.length > imageAddressOffset) {
    throw new RangeError(`${code.length} bytes of isolinux's boot code are too many`);
  }
  const padding = new Uint8Array(imageAddressOffset - code.length);
  const address = uint32le(extentOf(image).sector * diskSectorsPerSector);
  return Buffer.concat([code, padding, address, uint32le(0)]);
}
