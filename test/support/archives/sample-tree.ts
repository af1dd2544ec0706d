import { createHash } from "node:crypto";
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { expect } from "vitest";
import { readContent } from "../../../src/bytes/content.ts";
import {
  type FileEntry,
  type FileTree,
  statModeOf,
  withParents,
} from "../../../src/bytes/file-tree.ts";
import { directory, file, symlink } from "./contents.ts";

const isRoot = userInfo().uid === 0;

/** All that an archive may have to hold. Owners and devices are there only when root runs this. */
export function sampleTree(): FileTree {
  const privileged: [string, FileEntry][] = [
    ["dev/console", device("character-device", 5, 1)],
    ["dev/vda", device("block-device", 254, 16)],
    ["owned", { ...file("mine"), uid: 1000, gid: 70_000 }],
    ["usr/bin/sudo", file("sudo", 0o4755)],
  ];
  return withParents(
    new Map<string, FileEntry>([
      ...(isRoot ? privileged : []),
      ["empty", file("")],
      ["private", directory(0o700)],
      ["tmp", directory(0o1777)],
      ["usr/bin/tool", file(Buffer.alloc(123_457, "tool"), 0o755)],
      ["usr/bin/tool-2", symlink("tool")],
      ["lib", symlink("usr/lib")],
      ["etc/absolute", symlink("/usr/bin/tool")],
      ["etc/up", symlink("../../proc/./self")],
      ["etc/root", symlink("/")],
      ["etc/long", symlink(`/${"very-long-part/".repeat(60)}end`)],
      ["etc/long-part", symlink(`${"p".repeat(255)}/${"ä".repeat(120)}/x`)],
      [`${"deep/".repeat(30)}file`, file("deep")],
      [`names/${"n".repeat(253)}`, file("253")],
      [`names/${"ü".repeat(126)}x`, file("253 bytes of UTF-8")],
      ["names/with space, comma; semicolon", file("1")],
      ["names/UPPER", file("2")],
      ["names/upper", file("3")],
      ["names/.hidden", file("4")],
      ["names/🐳.tar.gz", file("5")],
      ...Array.from({ length: 1000 }, (_, index): [string, FileEntry] => [
        `many/some-file-${index}.txt`,
        file(`${index}\n`.repeat(index % 7)),
      ]),
    ]),
  );
}

/** Expects the folder to hold the tree and nothing else. */
export async function expectFolderToHold(folder: string, tree: FileTree): Promise<void> {
  const found = new Set(await listPaths(folder));
  const differences = new Map<string, unknown>();
  for (const path of new Set([...found, ...tree.keys()])) {
    const entry = tree.get(path);
    const wanted = entry && (await describeEntry(entry));
    const read = found.has(path) ? await describeFile(join(folder, path)) : undefined;
    if (!isDeepStrictEqual(read, wanted)) differences.set(path, { read, wanted });
  }
  // Only what differs, because a report on thousands of files helps nobody.
  expect([...differences].slice(0, 10)).toEqual([]);
}

/** What every file of the folder is, by path: attributes, and the target or hash of the content. */
export async function describeFolder(
  folder: string,
): Promise<ReadonlyMap<string, Awaited<ReturnType<typeof describeFile>>>> {
  const described = new Map();
  for (const path of (await listPaths(folder)).sort()) {
    described.set(path, await describeFile(join(folder, path)));
  }
  return described;
}

/** As a recursive readdir, which would follow symbolic links to folders. */
async function listPaths(folder: string, prefix = ""): Promise<string[]> {
  const entries = await readdir(join(folder, prefix), { withFileTypes: true });
  const lists = entries.map(async (entry) => {
    const path = prefix === "" ? entry.name : `${prefix}/${entry.name}`;
    return entry.isDirectory() ? [path, ...(await listPaths(folder, path))] : [path];
  });
  return (await Promise.all(lists)).flat();
}

async function describeEntry(entry: FileEntry) {
  const { uid, gid } = isRoot ? entry : userInfo();
  return {
    // Linux ignores the permissions of symbolic links.
    mode: statModeOf({ ...entry, mode: entry.type === "symlink" ? 0o777 : entry.mode }).toString(8),
    uid,
    gid,
    ...(entry.type === "symlink" && { target: entry.target }),
    ...(entry.type === "file" && { sha256: sha256(await readContent(entry.content)) }),
    ...("major" in entry && { device: deviceNumber(entry.major, entry.minor) }),
  };
}

async function describeFile(path: string) {
  const status = await lstat(path);
  return {
    mode: status.mode.toString(8),
    uid: status.uid,
    gid: status.gid,
    ...(status.isSymbolicLink() && { target: await readlink(path) }),
    ...(status.isFile() && { sha256: sha256(await readFile(path)) }),
    ...((status.isCharacterDevice() || status.isBlockDevice()) && { device: status.rdev }),
  };
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** glibc's makedev(3). */
function deviceNumber(major: number, minor: number): number {
  return (major << 8) | (minor & 0xff) | ((minor & ~0xff) << 12);
}

function device(
  type: "character-device" | "block-device",
  major: number,
  minor: number,
): FileEntry {
  return { type, mode: 0o640, uid: 0, gid: 6, major, minor };
}
