// A FAT file system of 12 or 16 bits: ECMA-107,
// https://ecma-international.org/publications-and-standards/standards/ecma-107/
import { type Content, sizeOf } from "../content.ts";
import type { FileTree } from "../file-tree.ts";
import { paddingAfter } from "../integers.ts";
import { allocationTable, firstClusters } from "./allocation.ts";
import { bootSector, type VolumeIdentity } from "./boot-sector.ts";
import { directoryBytes, listNodes, rootBytes, sizeOfNode } from "./directories.ts";
import { chooseGeometry, fatCount } from "./geometry.ts";

export interface FatOptions extends VolumeIdentity {
  /** The time of all files, which FAT keeps in steps of two seconds: years 1980 to 2107. */
  readonly time: Date;
}

/**
 * The image of a volume that holds the tree and has hardly room for more; reads no file. The same
 * input gives the same bytes. Modes and owners have no place in it.
 * @throws Error for a name other than 8.3 in capitals, and for what is neither file nor directory;
 *   RangeError for what the format cannot hold: over 2 GiB, or over 511 names in the root.
 */
export function fatImage(tree: FileTree, options: FatOptions): Content {
  const nodes = listNodes(tree);
  const sizes = nodes.map((node) => sizeOfNode(node, nodes));
  const geometry = chooseGeometry(sizes);
  const { clusterSize, clusterCount } = geometry;
  const clusterCounts = sizes.map((size) => Math.ceil(size / clusterSize));
  const starts = firstClusters(clusterCounts);
  const clusterOf = new Map(nodes.map(({ path }, index) => [path, starts[index] ?? 0]));
  const places = { nodes, clusterOf, time: options.time };
  const table = inMemory(allocationTable(geometry, clusterCounts));
  const used = clusterCounts.reduce((sum, count) => sum + count, 0);
  return {
    kind: "sequence",
    parts: [
      inMemory(bootSector(geometry, options)),
      ...Array.from({ length: fatCount }, () => table),
      inMemory(rootBytes(options.label, places)),
      ...nodes.flatMap((node) => {
        const content = node.content ?? inMemory(directoryBytes(node, places));
        return [content, zeros(paddingAfter(sizeOf(content), clusterSize))];
      }),
      zeros((clusterCount - used) * clusterSize),
    ],
  };
}

function inMemory(bytes: Uint8Array): Content {
  return { kind: "bytes", bytes };
}

function zeros(size: number): Content {
  return inMemory(new Uint8Array(size));
}
