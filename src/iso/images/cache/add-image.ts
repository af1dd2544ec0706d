import { stat } from "node:fs/promises";
import { join } from "node:path";
import { moveIntoPlace, writeFileAtomic } from "../../../host/files/files.ts";
import { removeFolder } from "../../../host/files/remove-folder.ts";
import { type ImageLock, imageLockSchema } from "../image-lock.ts";
import { checkImage } from "./check-image.ts";
import type { CachedImage } from "./image-cache.ts";
import { imageDirectory, manifestName } from "./image-files.ts";
import type { ImageManifest } from "./image-manifest.ts";
import { sha256Of } from "./sha256-of.ts";

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
