import { join } from "node:path";
import type { FileEntry, FileTree } from "../../bytes/file-tree.ts";
import { unpackDeb } from "../unpack/unpack-deb.ts";
import type { Ingredients } from "./image-design.ts";

/** Whether the path, or a folder above it, is one of those left out. */
export function isLeftOut(path: string, leaveOut: readonly string[]): boolean {
  return leaveOut.some((left) =>
    left.endsWith("/") ? `${path}/`.startsWith(left) : path === left,
  );
}

/**
 * The files of all packages in one tree, with /bin, /sbin and /lib merged into /usr. Packages are
 * unpacked one after another into the scratch folder, where the tree's contents stay.
 * @param keep whether a path of the tree is wanted; nothing else is unpacked.
 */
export async function unpackPackages(
  {
    packages,
    scratch,
    report,
    signal,
  }: Pick<Ingredients, "packages" | "scratch" | "report" | "signal">,
  keep: (path: string) => boolean,
): Promise<Map<string, FileEntry>> {
  const merged = new Map<string, FileEntry>();
  for (const { name, path } of packages) {
    report.detail(`unpacking ${name}`);
    const spoolPath = join(scratch, `${name}.spool`);
    const unpacked = await unpackDeb({
      ...{ path, spoolPath, signal },
      keep: (packedPath) => keep(mergeUsr(packedPath)),
    });
    for (const [packedPath, entry] of unpacked) {
      merged.set(mergeUsr(packedPath), entry);
    }
  }
  return merged;
}

/** Older packages still name the folders that are links into /usr since Debian 12. */
export function mergeUsr(path: string): string {
  return /^(bin|sbin|lib|lib64)(\/|$)/.test(path) ? `usr/${path}` : path;
}

export const rootDirectory = { type: "directory", mode: 0o755, uid: 0, gid: 0 } as const;

export function symlinkTo(target: string): FileEntry {
  return { type: "symlink", target, mode: 0o777, uid: 0, gid: 0 };
}

export function textFile(text: string, mode = 0o644): FileEntry {
  return {
    ...{ type: "file", mode, uid: 0, gid: 0 },
    content: { kind: "bytes", bytes: Buffer.from(text) },
  };
}

/** The tree's regular file at that path. @throws Error when a recipe's package lacks it. */
export function fileIn(tree: FileTree, path: string): FileEntry & { type: "file" } {
  const entry = tree.get(path);
  if (entry?.type !== "file") throw new Error(`no package has the file ${path}`);
  return entry;
}
