import type { Content } from "./content.ts";

interface Attributes {
  /** Permission bits with set-id and sticky bits: 0o7777 at most; never the file type. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export type FileEntry = Attributes &
  (
    | { readonly type: "directory" }
    | { readonly type: "file"; readonly content: Content }
    | { readonly type: "symlink"; readonly target: string }
    | {
        readonly type: "character-device" | "block-device";
        readonly major: number;
        readonly minor: number;
      }
  );

/**
 * A file system to be, from relative path ("usr/bin/env", no leading or trailing slash, no
 * "." or ".." part) to entry. The root itself has no entry; it is root's, mode 0755.
 */
export type FileTree = ReadonlyMap<string, FileEntry>;

/** The tree's entries in byte order of their paths, every folder before what is in it. */
export function sortedEntries(tree: FileTree): [path: string, entry: FileEntry][] {
  return [...tree].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

/** The tree with a root-owned 0755 directory wherever a path's parent has no entry. */
export function withParents(tree: FileTree): FileTree {
  const complete = new Map(tree);
  for (const path of tree.keys()) {
    for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
      const parent = path.slice(0, end);
      if (complete.has(parent)) break;
      complete.set(parent, { type: "directory", mode: 0o755, uid: 0, gid: 0 });
    }
  }
  return complete;
}
