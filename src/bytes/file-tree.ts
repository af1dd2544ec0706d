import type { Content } from "./content.ts";

export interface Attributes {
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

/** File type bits of st_mode, which Linux, cpio and Rock Ridge share: inode(7). */
const typeBits = {
  "character-device": 0o020000,
  directory: 0o040000,
  "block-device": 0o060000,
  file: 0o100000,
  symlink: 0o120000,
} as const satisfies Record<FileEntry["type"], number>;

/** The entry's st_mode: its type and its permissions in one number. */
export function statModeOf({ type, mode }: Pick<FileEntry, "type" | "mode">): number {
  return typeBits[type] | mode;
}

/** The tree's entries in byte order of their paths, every folder before what is in it. */
export function sortedEntries(tree: FileTree): [path: string, entry: FileEntry][] {
  return [...tree]
    .map(([path, entry]) => ({ path, entry, key: Buffer.from(path) }))
    .sort((a, b) => Buffer.compare(a.key, b.key))
    .map(({ path, entry }) => [path, entry]);
}

/**
 * The tree with a root-owned 0755 directory wherever a path's parent has no entry.
 * @throws Error when a parent is something other than a directory.
 */
export function withParents(tree: FileTree): FileTree {
  const complete = new Map(tree);
  for (const path of tree.keys()) {
    for (let parent = parentOf(path); parent !== ""; parent = parentOf(parent)) {
      const entry = complete.get(parent);
      if (entry?.type === "directory") break;
      if (entry !== undefined) throw new Error(`${path} lies below ${parent}, a ${entry.type}`);
      complete.set(parent, { type: "directory", mode: 0o755, uid: 0, gid: 0 });
    }
  }
  return complete;
}

/** The path of the folder that holds `path`; "" for the root. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf("/"), 0));
}
