// The file allocation table: ECMA-107 section 10.
import { diskSectorSize } from "../partitions/mbr.ts";
import { mediaDescriptor } from "./boot-sector.ts";
import { firstCluster, type Geometry } from "./geometry.ts";

/**
 * One FAT for runs of clusters that follow one another from the first cluster on: each entry
 * names the next cluster of its file, or is the mark of the last one.
 * @param clusterCounts of each run; 0 for an empty file.
 */
export function allocationTable(geometry: Geometry, clusterCounts: readonly number[]): Uint8Array {
  const { entryBits, sectorsPerFat } = geometry;
  const lastMark = 2 ** entryBits - 1;
  const entries = [lastMark - 0xff + mediaDescriptor, lastMark];
  for (const count of clusterCounts) {
    for (let left = count; left > 0; left -= 1) {
      entries.push(left === 1 ? lastMark : entries.length + 1);
    }
  }
  const table = new Uint8Array(sectorsPerFat * diskSectorSize);
  table.set(entryBits === 12 ? packed12(entries) : packed16(entries));
  return table;
}

/** The first cluster of each run; 0 for an empty one. */
export function firstClusters(clusterCounts: readonly number[]): number[] {
  let next = firstCluster;
  return clusterCounts.map((count) => {
    const first = count === 0 ? 0 : next;
    next += count;
    return first;
  });
}

/** Two entries in three bytes, the lower bits first. */
function packed12(entries: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(entries.length / 2) * 3);
  for (let index = 0; index < entries.length; index += 2) {
    const even = entries[index] ?? 0;
    const odd = entries[index + 1] ?? 0;
    const triple = [even & 0xff, (even >> 8) | ((odd & 0xf) << 4), odd >> 4];
    bytes.set(triple, (index / 2) * 3);
  }
  return bytes.subarray(0, Math.ceil(entries.length * 1.5));
}

function packed16(entries: readonly number[]): Uint8Array {
  return Uint8Array.from(entries.flatMap((entry) => [entry & 0xff, entry >> 8]));
}
