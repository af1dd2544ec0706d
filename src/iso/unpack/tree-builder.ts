import { type FileEntry, type FileTree, parentOf } from "../../bytes/file-tree.ts";
import { invalidArchive } from "./invalid-archive.ts";

/** A tree that grows by one archive's entries and refuses those that cannot stand in it. */
export interface TreeBuilder {
  readonly tree: FileTree;
  /**
   * A path comes once, folders apart, and never below something that is no folder.
   * @throws TsmachineError ARCHIVE_INVALID
   */
  add(path: string, entry: FileEntry): void;
}

/** Paths and link targets are held in memory; those of a kernel's package are half a megabyte. */
const maxTextBytes = 32 << 20;

/** @param archive The archive's path, for messages. */
export function createTreeBuilder(archive: string): TreeBuilder {
  const tree = new Map<string, FileEntry>();
  /** Paths below which something lies, with or without an entry of their own. */
  const parents = new Set<string>();
  let textBytes = 0;

  function countText(path: string, entry: FileEntry): void {
    textBytes += Buffer.byteLength(path);
    if (entry.type === "symlink") textBytes += Buffer.byteLength(entry.target);
    if (textBytes <= maxTextBytes) return;
    throw invalidArchive(archive, `its paths have over ${maxTextBytes} bytes`);
  }

  /** The folders above one that is known have been checked with it. */
  function checkParents(path: string): void {
    for (
      let parent = parentOf(path);
      parent !== "" && !parents.has(parent);
      parent = parentOf(parent)
    ) {
      if (isOther(tree.get(parent))) {
        throw invalidArchive(archive, `${path} lies below ${parent}, which is no folder`);
      }
      parents.add(parent);
    }
  }

  return {
    tree,
    add(path, entry) {
      countText(path, entry);
      const former = tree.get(path);
      const isFolder = entry.type === "directory";
      if (isOther(former) || (former !== undefined && !isFolder)) {
        throw invalidArchive(archive, `${path} comes twice`);
      }
      if (parents.has(path) && !isFolder) {
        throw invalidArchive(archive, `${path} is no folder, and something lies below it`);
      }
      checkParents(path);
      tree.set(path, entry);
    },
  };
}

function isOther(entry: FileEntry | undefined): boolean {
  return entry !== undefined && entry.type !== "directory";
}
