import type { Header } from "tar-stream";
import type { Attributes, FileEntry } from "../../bytes/file-tree.ts";
import { invalidArchive } from "./invalid-archive.ts";

/** What a tar header says, once it is known to be harmless. */
export type TarItem =
  | { readonly kind: "entry"; readonly entry: Exclude<FileEntry, { type: "file" }> }
  | { readonly kind: "file"; readonly attributes: Attributes }
  | { readonly kind: "hard-link"; readonly target: string };

/** Linux's PATH_MAX without its NUL, and NAME_MAX, which Rock Ridge images keep to as well. */
const maxPathBytes = 4095;
const maxNameBytes = 255;
/** Packages of Debian have a third of it. */
const maxDepth = 64;

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
 * Set-id and sticky bits are kept, because programs such as mount(8) need them.
 * @throws TsmachineError ARCHIVE_INVALID for a device, a pipe or an unknown type, for content of
 *   what is no file, and for numbers that no file can have.
 */
export function parseTarHeader(archive: string, path: string, header: Header): TarItem {
  const checked = (value: number | undefined, max: number) => {
    if (Number.isInteger(value) && value !== undefined && value >= 0 && value <= max) return value;
    throw invalidArchive(archive, `${path} has an impossible mode, owner or size`);
  };
  const attributes = {
    mode: checked(header.mode, 0o177777) & 0o7777,
    uid: checked(header.uid, 0xffffffff),
    gid: checked(header.gid, 0xffffffff),
  };
  // tar-stream waits for ever on a size that is no number, and on a folder that has one.
  checked(header.size, header.type === "file" ? Number.MAX_SAFE_INTEGER : 0);
  const target = header.linkname ?? "";
  switch (header.type) {
    case "file":
      return { kind: "file", attributes };
    case "directory":
      return { kind: "entry", entry: { type: "directory", ...attributes } };
    case "symlink":
      if (target === "" || textProblemOf(target) !== undefined) {
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
  if (parts.includes("..")) return 'holds ".."';
  if (parts.length > maxDepth) return "is too deep";
  return textProblemOf(name);
}

/** What makes it impossible as a path, wherever it leads. */
function textProblemOf(path: string): string | undefined {
  if (path.includes("\0")) return "holds a NUL";
  // A line feed would end the line in lists of paths, such as those of modules.
  if (/\p{Cc}/u.test(path)) return "holds a control character";
  // Two names that are no UTF-8 could become the same one.
  if (path.includes("\u{fffd}")) return "is not UTF-8";
  if (Buffer.byteLength(path) > maxPathBytes) return "is too long";
  if (partsOf(path).some((part) => Buffer.byteLength(part) > maxNameBytes)) {
    return "has too long a name";
  }
  return undefined;
}

function partsOf(name: string): string[] {
  return name.split("/").filter((part) => part !== "" && part !== ".");
}
