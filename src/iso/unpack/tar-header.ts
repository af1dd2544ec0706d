import type { Header } from "tar-stream";
import type { Attributes, FileEntry } from "../../bytes/file-tree.ts";
import { invalidArchive } from "./invalid-archive.ts";

/** What a tar header says, once it is known to be harmless. */
export type TarItem =
  | { readonly kind: "entry"; readonly entry: Exclude<FileEntry, { type: "file" }> }
  | { readonly kind: "file"; readonly attributes: Attributes }
  | { readonly kind: "hard-link"; readonly target: string };

const maxPathBytes = 4095;
const maxNameBytes = 255;

/**
 * The relative path a member unpacks to, "" for the root folder: "./usr/bin/x" is "usr/bin/x".
 * @throws TsmachineError ARCHIVE_INVALID for a path that is absolute, leaves the root or cannot be.
 */
export function parseTarPath(archive: string, name: string): string {
  const problem = problemOf(name);
  if (problem !== undefined) {
    throw invalidArchive(archive, `path ${JSON.stringify(name)} ${problem}`);
  }
  return partsOf(name).join("/");
}

/**
 * @throws TsmachineError ARCHIVE_INVALID for a device, a pipe or an unknown type, and for
 * numbers that no file can have.
 */
export function parseTarHeader(archive: string, path: string, header: Header): TarItem {
  const attributes = {
    mode: checkedNumber(archive, path, header.mode, 0o177777) & 0o7777,
    uid: checkedNumber(archive, path, header.uid, 0xffffffff),
    gid: checkedNumber(archive, path, header.gid, 0xffffffff),
  };
  const target = header.linkname ?? "";
  switch (header.type) {
    case "file":
      return { kind: "file", attributes };
    case "directory":
      return { kind: "entry", entry: { type: "directory", ...attributes } };
    case "symlink":
      if (target === "" || target.includes("\0") || Buffer.byteLength(target) > maxPathBytes) {
        throw invalidArchive(archive, `symbolic link ${path} has an impossible target`);
      }
      return { kind: "entry", entry: { type: "symlink", target, ...attributes } };
    case "link":
      return { kind: "hard-link", target: parseTarPath(archive, target) };
    default:
      throw invalidArchive(archive, `${path} is not a file, folder or link`);
  }
}

function problemOf(name: string): string | undefined {
  const parts = partsOf(name);
  if (name.startsWith("/")) return "is absolute";
  if (name.includes("\0")) return "holds a NUL";
  if (parts.includes("..")) return 'holds ".."';
  if (Buffer.byteLength(name) > maxPathBytes) return "is too long";
  if (parts.some((part) => Buffer.byteLength(part) > maxNameBytes)) return "has too long a name";
  return undefined;
}

function partsOf(name: string): string[] {
  return name.split("/").filter((part) => part !== "" && part !== ".");
}

function checkedNumber(
  archive: string,
  path: string,
  value: number | undefined,
  max: number,
): number {
  if (value === undefined || !Number.isInteger(value) || value < 0 || value > max) {
    throw invalidArchive(archive, `${path} has an impossible mode or owner`);
  }
  return value;
}
