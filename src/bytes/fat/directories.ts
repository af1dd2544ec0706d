import { type Content, sizeOf } from "../content.ts";
import {
  type FileEntry,
  type FileTree,
  parentOf,
  sortedEntries,
  withParents,
} from "../file-tree.ts";
import { dotEntries, fileEntry, labelEntry } from "./directory-entries.ts";
import { directoryEntrySize, rootEntries } from "./geometry.ts";

/** A file or directory other than the root. */
export interface Node {
  readonly path: string;
  /** Undefined for a directory, whose bytes are its entries. */
  readonly content: Content | undefined;
}

export interface Places {
  readonly nodes: readonly Node[];
  /** First cluster by path. */
  readonly clusterOf: ReadonlyMap<string, number>;
  readonly time: Date;
}

/** In the order of their clusters. @throws Error for what FAT does not know. */
export function listNodes(tree: FileTree): readonly Node[] {
  return sortedEntries(withParents(tree)).map(([path, entry]) => ({
    path,
    content: contentOf(path, entry),
  }));
}

function contentOf(path: string, entry: FileEntry): Content | undefined {
  if (entry.type === "directory") return undefined;
  if (entry.type === "file") return entry.content;
  throw new Error(`FAT cannot hold ${path}, a ${entry.type}`);
}

/** Bytes that need clusters: a file's, or a directory's entries. */
export function sizeOfNode({ path, content }: Node, nodes: readonly Node[]): number {
  const dots = 2;
  return content === undefined
    ? (childrenOf(path, nodes).length + dots) * directoryEntrySize
    : sizeOf(content);
}

/** The entries of a directory other than the root. */
export function directoryBytes({ path }: Node, places: Places): Uint8Array {
  const { clusterOf, time } = places;
  const own = clusterOf.get(path) ?? 0;
  // The root has no cluster and is named by 0.
  const parent = clusterOf.get(parentOf(path)) ?? 0;
  return Buffer.concat([...dotEntries(own, parent, time), ...childEntries(path, places)]);
}

/** All of the root directory's room. @throws RangeError when that is not enough. */
export function rootBytes(label: string, places: Places): Uint8Array {
  const entries = [labelEntry(label, places.time), ...childEntries("", places)];
  if (entries.length > rootEntries) {
    throw new RangeError(`${entries.length} entries are too many for the root directory of FAT`);
  }
  const unused = new Uint8Array((rootEntries - entries.length) * directoryEntrySize);
  return Buffer.concat([...entries, unused]);
}

function childEntries(path: string, { nodes, clusterOf, time }: Places): Uint8Array[] {
  return childrenOf(path, nodes).map((child) =>
    fileEntry(child.path.slice(child.path.lastIndexOf("/") + 1), {
      isDirectory: child.content === undefined,
      firstCluster: clusterOf.get(child.path) ?? 0,
      size: child.content === undefined ? 0 : sizeOf(child.content),
      time,
    }),
  );
}

function childrenOf(path: string, nodes: readonly Node[]): readonly Node[] {
  return nodes.filter((node) => parentOf(node.path) === path);
}
