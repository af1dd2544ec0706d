import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { FileEntry, FileTree } from "../../bytes/file-tree.ts";

/**
 * The files below a folder of templates/, owned by root. Scripts (their first two bytes are "#!")
 * get mode 0755, others 0644, whatever the file system of this host made of their modes.
 */
export async function readTemplateFolder(folder: string): Promise<FileTree> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile());
  return new Map(
    await Promise.all(
      files.map(async (entry) => {
        const path = join(entry.parentPath, entry.name);
        const relative = path.slice(folder.length + 1).replaceAll("\\", "/");
        return [relative, await readTemplate(path)] as const;
      }),
    ),
  );
}

async function readTemplate(path: string): Promise<FileEntry> {
  const bytes = await readFile(path);
  const mode = bytes.subarray(0, 2).toString("latin1") === "#!" ? 0o755 : 0o644;
  return { type: "file", mode, uid: 0, gid: 0, content: { kind: "bytes", bytes } };
}

/** Paths, modes and bytes of a tree that is wholly in memory, for a digest. */
export function describeTree(tree: FileTree): readonly unknown[] {
  return [...tree]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, entry]) =>
      entry.type === "file" && entry.content.kind === "bytes"
        ? [path, entry.mode, Buffer.from(entry.content.bytes).toString("base64")]
        : [path, entry],
    );
}
