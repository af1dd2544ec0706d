import {
  type FileEntry,
  type FileTree,
  parentOf,
  sortedEntries,
  withParents,
} from "../file-tree.ts";
import { rootIdentifier } from "./ecma119/directory-records.ts";
import { assignIsoNames, isoSortKey } from "./iso-names.ts";

/** One entry of the tree under the identifier that ISO 9660 gives it. */
export interface Node {
  readonly path: string;
  /** The last part of the path; "" for the root. */
  readonly name: string;
  readonly identifier: Uint8Array;
  readonly entry: FileEntry;
  /** Counted from 1 in the order of the paths; the root comes first. */
  readonly serial: number;
}

export interface Folder {
  readonly node: Node;
  /** Position of the parent in the list of folders; the root is its own parent. */
  readonly parent: number;
  /** In the order of their records. */
  readonly children: readonly Node[];
}

/** A path table holds parent numbers in 16 bits. */
const maxFolders = 0xffff;

/**
 * The tree's folders in the order of the path table: level by level, by parent, by identifier
 * (ECMA-119 6.9.1). @throws RangeError when they are over 65,535.
 */
export function listFolders(tree: FileTree): Folder[] {
  const childrenByPath = groupByParent(tree);
  const folders: Folder[] = [{ node: rootNode, parent: 0, children: childrenByPath.get("") ?? [] }];
  // The loop goes on over the folders that it appends.
  for (const [parent, { children }] of folders.entries()) {
    for (const node of children) {
      if (node.entry.type !== "directory") continue;
      folders.push({ node, parent, children: childrenByPath.get(node.path) ?? [] });
    }
  }
  if (folders.length > maxFolders) throw new RangeError(`${folders.length} folders are too many`);
  return folders;
}

const rootNode: Node = {
  path: "",
  name: "",
  identifier: rootIdentifier,
  entry: { type: "directory", mode: 0o755, uid: 0, gid: 0 },
  serial: 1,
};

function groupByParent(tree: FileTree): Map<string, Node[]> {
  const groups = new Map<string, Omit<Node, "identifier">[]>();
  for (const [index, [path, entry]] of sortedEntries(withParents(tree)).entries()) {
    const parent = parentOf(path);
    const name = path.slice(parent === "" ? 0 : parent.length + 1);
    const group = groups.get(parent) ?? [];
    groups.set(parent, group);
    group.push({ path, name, entry, serial: index + 2 });
  }
  return new Map([...groups].map(([path, children]) => [path, identify(children)]));
}

function identify(children: readonly Omit<Node, "identifier">[]): Node[] {
  const names = assignIsoNames(
    children.map(({ name, entry }) => ({ name, isDirectory: entry.type === "directory" })),
  );
  return children
    .map((child, index) => ({ child, identifier: names[index] ?? "" }))
    .map(({ child, identifier }) => ({ child, identifier, key: isoSortKey(identifier) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ child, identifier }) => ({ ...child, identifier: Buffer.from(identifier) }));
}
