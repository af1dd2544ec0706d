import { createHash } from "node:crypto";
import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { imageDirectory } from "../../../src/iso/images/cache/image-files.ts";
import { type ImageKind, type ImageLock, keyOf } from "../../../src/iso/images/image-lock.ts";
import { formatLockFile } from "../../../src/iso/images/lock-file.ts";
import type { Store } from "../../../src/store/open-store.ts";
import { machineRecord } from "../machines/machine-record.ts";

/** What an image is said to be made of. */
export interface ImageContents {
  readonly kind: ImageKind;
  /** Names of packages; each has a file of its own in the cache. */
  readonly packages?: readonly string[];
  /** Names of inputs. */
  readonly inputs?: readonly string[];
}

export function sha256Of(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

export function lockOfContents({ kind, packages = [], inputs = [] }: ImageContents): ImageLock {
  return {
    ...{ lockVersion: 2, kind, architecture: "amd64", templates: "some" },
    releases: [{ suite: "trixie", date: "2026-11-20T12:00:00.000Z" }],
    packages: packages.map((name) => ({
      ...{ name, version: "1", architecture: "amd64", filename: `pool/${name}.deb` },
      ...{ size: name.length, sha256: sha256Of(name) },
    })),
    inputs: inputs.map((name) => ({ name, size: name.length, sha256: sha256Of(name) })),
  };
}

/** Puts an image into the cache that was never built, and gives back its key. */
export async function writeImage(cache: string, contents: ImageContents): Promise<string> {
  const lock = lockOfContents(contents);
  const key = keyOf(lock);
  const folder = imageDirectory(cache, contents.kind, key);
  const files = { content: { size: key.length, sha256: sha256Of(key) } };
  const manifest = { schemaVersion: 2, key, version: "1", lock, files };
  await writeAt(join(folder, "content"), key);
  await writeAt(join(folder, "image.json"), JSON.stringify(manifest));
  return key;
}

/** Puts a package, as its name, into the cache; gives back its path below the cache. */
export async function writePackage(cache: string, name: string): Promise<string> {
  const path = `packages/${sha256Of(name)}.deb`;
  await writeAt(join(cache, path), name);
  return path;
}

/** Puts a file of the user's into the cache; gives back its path below the cache. */
export async function writeInput(cache: string, name: string): Promise<string> {
  const path = `inputs/${sha256Of(name)}`;
  await writeAt(join(cache, path), name);
  return path;
}

export interface MachineContents {
  readonly name: string;
  readonly boot: ImageContents;
  readonly engine: ImageContents;
  /** What else its record has under "images". */
  readonly otherImages?: Readonly<Record<string, unknown>>;
}

/** A machine that is recorded and no more. */
export async function writeMachine(
  store: Store,
  { name, boot, engine, otherImages = {} }: MachineContents,
): Promise<void> {
  const locks = [lockOfContents(boot), lockOfContents(engine)] as const;
  const [bootKey, engineKey] = [keyOf(locks[0]), keyOf(locks[1])];
  const images = { ...otherImages, boot: bootKey, engine: engineKey };
  await store.createMachine(machineRecord({ name, images }), { imageLocks: formatLockFile(locks) });
}

/** @param daysAgo age of the file */
export async function writeAt(path: string, text: string, daysAgo = 0): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  const time = new Date(Date.now() - daysAgo * 24 * 60 * 60 * 1000);
  if (daysAgo > 0) await utimes(path, time, time);
}

/** Paths of all files below the folder, sorted. */
export async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}
