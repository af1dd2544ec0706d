import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { isSystemError } from "../../../errors/system-error.ts";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import {
  moveIntoPlace,
  readTextIfPresent,
  temporaryPathFor,
  writeFileAtomic,
} from "../../../host/files/files.ts";
import { type ImageKind, type ImageLock, imageKindSchema, imageLockSchema } from "../image-lock.ts";
import { imageDirectory, imagesDirectory } from "./image-files.ts";
import { type ImageManifest, imageManifestSchema } from "./image-manifest.ts";

/** An image in the cache. */
export interface CachedImage {
  readonly manifest: ImageManifest;
  readonly directory: string;
}

const manifestName = "image.json";
const stampName = "checked.json";

export function filePath({ directory }: CachedImage, name: string): string {
  return join(directory, name);
}

/** The image with this key as its manifest describes it; undefined when the cache has none. */
export async function findImage(
  cacheDirectory: string,
  kind: ImageKind,
  key: string,
): Promise<CachedImage | undefined> {
  const directory = imageDirectory(cacheDirectory, kind, key);
  const text = await readTextIfPresent(join(directory, manifestName));
  if (text === undefined) return undefined;
  try {
    return { manifest: imageManifestSchema.parse(JSON.parse(text)), directory };
  } catch {
    return undefined;
  }
}

/** A folder of the cache that has an image's name. */
export interface ImageFolder {
  readonly kind: ImageKind;
  readonly key: string;
  readonly directory: string;
  /** Undefined when its manifest is missing or damaged. */
  readonly image: CachedImage | undefined;
}

export async function listImageFolders(cacheDirectory: string): Promise<readonly ImageFolder[]> {
  const found: ImageFolder[] = [];
  for (const name of await namesIn(imagesDirectory(cacheDirectory))) {
    const [, prefix, key] = /^([a-z0-9]+)-([0-9a-f]{16})$/.exec(name) ?? [];
    const { data: kind } = imageKindSchema.safeParse(prefix);
    if (kind === undefined || key === undefined) continue;
    const directory = imageDirectory(cacheDirectory, kind, key);
    found.push({ kind, key, directory, image: await findImage(cacheDirectory, kind, key) });
  }
  return found;
}

/** All images of the cache, those with damaged files included. */
export async function listImages(cacheDirectory: string): Promise<CachedImage[]> {
  return (await listImageFolders(cacheDirectory)).flatMap(({ image }) => image ?? []);
}

/**
 * Refuses an image any of whose files is not what its manifest says. A file that has kept size,
 * inode and times since it was last hashed is not hashed again: the files are large, and whoever
 * means harm here could write the manifest too.
 * @throws TsmachineError IMAGE_CORRUPT
 */
export async function checkImage(image: CachedImage, signal: AbortSignal): Promise<void> {
  const stamp = await readStamp(image);
  const seen: Record<string, string> = {};
  for (const [name, expected] of Object.entries(image.manifest.files)) {
    const path = filePath(image, name);
    const now = await stampOf(path);
    if (now === undefined) throw corrupt(image, name);
    if (stamp[name] !== now && (await sha256Of(path, signal)) !== expected.sha256) {
      throw corrupt(image, name);
    }
    seen[name] = now;
  }
  if (JSON.stringify(seen) !== JSON.stringify(stamp)) {
    await writeFileAtomic(join(image.directory, stampName), `${JSON.stringify(seen)}\n`);
  }
}

export interface NewImage {
  readonly folder: string;
  /** Names in that folder. */
  readonly files: readonly string[];
  readonly key: string;
  readonly version: string;
  readonly lock: ImageLock;
}

/**
 * Moves a folder with the files of an image into the cache, in place of a damaged one of the same
 * key. The caller holds the lock of that kind of image.
 */
export async function addImage(
  cacheDirectory: string,
  { folder, files, key, version, lock }: NewImage,
  signal: AbortSignal,
): Promise<CachedImage> {
  const manifest: ImageManifest = {
    ...{ schemaVersion: 2, key, version },
    ...{ lock: imageLockSchema.parse(lock), files: await describeFiles(folder, files, signal) },
  };
  await writeFileAtomic(join(folder, manifestName), `${JSON.stringify(manifest, undefined, 2)}\n`);
  const directory = imageDirectory(cacheDirectory, lock.kind, key);
  await removeFolder(directory);
  await moveIntoPlace(folder, directory);
  const image = { manifest, directory };
  await checkImage(image, signal);
  return image;
}

/** Size and hash of each of these files of the folder, as a manifest has them. */
export async function describeFiles(
  folder: string,
  names: readonly string[],
  signal: AbortSignal,
): Promise<ImageManifest["files"]> {
  const described: ImageManifest["files"] = {};
  for (const name of names) {
    const path = join(folder, name);
    described[name] = { size: (await stat(path)).size, sha256: await sha256Of(path, signal) };
  }
  return described;
}

/** Renamed first, so that what is half deleted has no image's name. */
export async function removeFolder(directory: string): Promise<void> {
  const aside = temporaryPathFor(directory);
  try {
    await rename(directory, aside);
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return;
    throw error;
  }
  await rm(aside, { recursive: true, force: true });
}

export async function namesIn(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).sort();
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return [];
    throw error;
  }
}

const stampSchema = z.record(z.string(), z.string());

async function readStamp({ directory }: CachedImage): Promise<Record<string, string>> {
  try {
    return stampSchema.parse(JSON.parse(await readFile(join(directory, stampName), "utf8")));
  } catch {
    return {};
  }
}

/**
 * Changes whenever the file does; undefined when there is none. Programs that set the
 * modification time back, as those that copy and restore files do, cannot set the change time.
 */
async function stampOf(path: string): Promise<string | undefined> {
  try {
    const { size, mtimeNs, ctimeNs, ino } = await stat(path, { bigint: true });
    return `${size} ${mtimeNs} ${ctimeNs} ${ino}`;
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return undefined;
    throw error;
  }
}

async function sha256Of(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, signal })) {
    hash.update(chunk);
  }
  return hash.digest("hex");
}

function corrupt({ manifest, directory }: CachedImage, name: string): TsmachineError {
  return new TsmachineError(
    "IMAGE_CORRUPT",
    `${manifest.lock.kind} image ${manifest.key}: ${name} is not what was built`,
    {
      hints: [
        "put the file back from a copy, or run `tsmachine iso build` and create the machine anew",
      ],
      context: { directory },
    },
  );
}
