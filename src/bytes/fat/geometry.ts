// Microsoft, "FAT: General Overview of On-Disk Format", version 1.03, and ECMA-107.
import { diskSectorSize } from "../partitions/mbr.ts";

/** What lies where in a volume: boot sector, two FATs, root directory, clusters. */
export interface Geometry {
  /** Bits of a FAT's entry. */
  readonly entryBits: 12 | 16;
  readonly clusterSize: number;
  /** Clusters of files and directories; they are counted from 2 on. */
  readonly clusterCount: number;
  readonly sectorsPerFat: number;
  /** Sectors of the whole volume. */
  readonly sectorCount: number;
}

export const fatCount = 2;
export const reservedSectors = 1;
/** The number that all drivers know; 32 sectors. */
export const rootEntries = 512;
export const directoryEntrySize = 32;
/** Clusters 0 and 1 do not exist; their entries hold marks. */
export const firstCluster = 2;

const rootSectors = (rootEntries * directoryEntrySize) / diskSectorSize;

/**
 * A volume's type follows from its number of clusters alone; some drivers are wrong by up to
 * 16 about the limits, so nobody should come that near to them.
 */
const clustersOfFat16 = 4085;
const clustersOfFat32 = 65_525;
const safeDistance = 16;

const maxSectorsPerCluster = 64;

/**
 * The smallest volume for contents of these sizes in bytes, without free clusters: those have
 * 2 KiB, unless the volume is too large for that.
 * @throws RangeError when it would be over 2 GiB.
 */
export function chooseGeometry(sizes: readonly number[]): Geometry {
  for (let sectors = 4; sectors <= maxSectorsPerCluster; sectors *= 2) {
    const clusterSize = sectors * diskSectorSize;
    const needed = sizes.reduce((sum, size) => sum + Math.ceil(size / clusterSize), 0);
    const clusterCount = awayFromLimit(Math.max(needed, 1));
    if (clusterCount < clustersOfFat32 - safeDistance) return geometry(clusterSize, clusterCount);
  }
  throw new RangeError("the files are too large for a FAT file system of 16 bits");
}

function awayFromLimit(count: number): number {
  const isNear = Math.abs(count - clustersOfFat16) <= safeDistance;
  return isNear ? clustersOfFat16 + safeDistance + 1 : count;
}

function geometry(clusterSize: number, clusterCount: number): Geometry {
  const entryBits = clusterCount < clustersOfFat16 ? 12 : 16;
  const fatBytes = Math.ceil(((clusterCount + firstCluster) * entryBits) / 8);
  const sectorsPerFat = Math.ceil(fatBytes / diskSectorSize);
  const dataSectors = (clusterCount * clusterSize) / diskSectorSize;
  const sectorCount = reservedSectors + fatCount * sectorsPerFat + rootSectors + dataSectors;
  return { entryBits, clusterSize, clusterCount, sectorsPerFat, sectorCount };
}
