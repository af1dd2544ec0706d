import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, open, readFile, rename, rm, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { isSystemError } from "../../errors/system-error.ts";

const privateFile = 0o600;
const privateDirectory = 0o700;

/** Makes the folder and its missing parents, readable by the owner alone. */
export async function makePrivateDirectory(path: string): Promise<void> {
  if (process.platform === "win32") {
    // Loaded here because only Windows, which has no modes, needs it.
    await (await import("./restrict-folder.ts")).makeRestrictedFolder(path);
  }
  await mkdir(path, { recursive: true, mode: privateDirectory });
}

/**
 * Writes the whole file or nothing: a temporary file beside it, fsync, rename.
 * Readers see the old or the new content, never a part. Mode 0600 unless given.
 * A "fleeting" file, which is of no use after a power failure, is spared the wait for the disk.
 */
export async function writeFileAtomic(
  path: string,
  content: string | Uint8Array,
  { mode = privateFile, life = "lasting" }: WriteOptions = {},
): Promise<void> {
  const temporary = temporaryPathFor(path);
  try {
    const file = await open(temporary, "wx", mode);
    try {
      await file.writeFile(content);
      if (life === "lasting") await file.sync();
    } finally {
      await file.close();
    }
    await (life === "lasting" ? moveIntoPlace : rename)(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

interface WriteOptions {
  readonly mode?: number;
  readonly life?: "lasting" | "fleeting";
}

/** Renames a file or a folder; on return the new name survives a power failure. */
export async function moveIntoPlace(from: string, to: string): Promise<void> {
  await rename(from, to);
  await syncDirectory(dirname(to));
}

/** A unique path in the same folder, for content that is renamed into place when whole. */
export function temporaryPathFor(path: string): string {
  return `${path}.${process.pid}-${randomBytes(4).toString("hex")}.tmp`;
}

/** The process that has made a temporary path of that name; undefined when it is no such name. */
export function temporaryOwner(name: string): number | undefined {
  const [, pid] = /\.(\d+)-[0-9a-f]{8}\.tmp$/.exec(name) ?? [];
  return pid === undefined ? undefined : Number(pid);
}

/** The file's text, or undefined when there is no such file. */
export function readTextIfPresent(path: string): Promise<string | undefined> {
  return unlessMissing(readFile(path, "utf8"));
}

/**
 * The same without a promise, for small files that are read one after another: a thread for each of
 * their steps takes ten times as long. Not for loops that wait for a file to change.
 */
export function readTextNow(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Removes a file; what is already gone counts as removed. `rm` looks at it twice before. */
export async function removeFile(path: string): Promise<void> {
  await unlessMissing(unlink(path));
}

/** What an operation on a file gives, or undefined when there is no such file. */
export async function unlessMissing<T>(pending: Promise<T>): Promise<T | undefined> {
  try {
    return await pending;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return isSystemError(error, "ENOENT", "ENOTDIR");
}

/** Makes renames and removals in this folder durable. Windows cannot open folders; its renames are journaled. */
export async function syncDirectory(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
