import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { FileEntry, FileTree } from "../../bytes/file-tree.ts";

/**
 * The files below a folder of templates/, owned by root. Scripts (their first two bytes are "#!")
 * get mode 0755, others 0644, whatever the file system of this host made of their modes. Read
 * synchronously: of many small files, handing each to a thread would take ten times as long.
 */
export function readTemplateFolder(folder: string): FileTree {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile());
  return new Map(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const relative = path.slice(folder.length + 1).replaceAll("\\", "/");
      return [relative, readTemplate(path)];
    }),
  );
}

function readTemplate(path: string): FileEntry {
  const bytes = readFileSync(path);
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
