import { type Content, readContent } from "../../../src/bytes/content.ts";
import type { FileEntry, FileTree } from "../../../src/bytes/file-tree.ts";

const owned = { uid: 0, gid: 0 };

export function file(content: string | Uint8Array, mode = 0o644): FileEntry {
  const bytes: Content = { kind: "bytes", bytes: Buffer.from(content) };
  return { type: "file", mode, ...owned, content: bytes };
}

export function directory(mode = 0o755): FileEntry {
  return { type: "directory", mode, ...owned };
}

export function symlink(target: string): FileEntry {
  return { type: "symlink", mode: 0o777, ...owned, target };
}

/** The text of a file of the tree; undefined when there is no such file. */
export async function textAt(tree: FileTree, path: string): Promise<string | undefined> {
  const entry = tree.get(path);
  if (entry?.type !== "file") return undefined;
  return Buffer.from(await readContent(entry.content)).toString();
}
