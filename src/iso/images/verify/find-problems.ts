import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { isSystemError } from "../../../errors/system-error.ts";
import type { CachedImage, ImageFolder } from "../cache/image-cache.ts";
import { bootImageNames } from "../cache/image-files.ts";
import type { ImageManifest } from "../cache/image-manifest.ts";
import { keyOf } from "../image-lock.ts";
import { carriesLock } from "./carried-lock.ts";

/** What is wrong with one file of an image. */
export interface ImageProblem {
  readonly file: string;
  /** Goes on after the file's name: "is missing". */
  readonly problem: string;
}

const manifestFile = "image.json";

/**
 * What differs from the image's manifest, and the manifest from the image's key, which is the digest of
 * its lock. Every byte is read, whatever was checked before.
 */
export async function findProblems(
  { key, directory, image }: ImageFolder,
  signal: AbortSignal,
): Promise<readonly ImageProblem[]> {
  if (image === undefined) return [{ file: manifestFile, problem: "is missing or damaged" }];
  const { manifest } = image;
  const problems: ImageProblem[] = [];
  if (!isOwnLock(manifest, key)) {
    problems.push({ file: manifestFile, problem: "has the lock of another image" });
  }
  for (const [file, expected] of Object.entries(manifest.files)) {
    const problem = await problemOf(join(directory, file), expected, signal);
    if (problem !== undefined) problems.push({ file, problem });
    else if (!(await isOfItsLock(image, file, signal))) {
      problems.push({ file, problem: "was made of another lock" });
    }
  }
  return problems;
}

/** Images of tsmachine 0.1 have keys that were made otherwise, and no digest of templates. */
function isOwnLock({ key, lock }: ImageManifest, folderKey: string): boolean {
  return key === folderKey && (lock.templates === "" || keyOf(lock) === key);
}

/** Of the files of an image, the boot ISO says what it was made of; that of tsmachine 0.1 does not. */
async function isOfItsLock(
  { manifest, directory }: CachedImage,
  file: string,
  signal: AbortSignal,
): Promise<boolean> {
  const { lock } = manifest;
  if (file !== bootImageNames.iso || lock.templates === "") return true;
  return carriesLock(join(directory, file), lock, signal);
}

async function problemOf(
  path: string,
  { size, sha256 }: ImageManifest["files"][string],
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const found = (await stat(path)).size;
    if (found !== size) return `has ${found} bytes in place of ${size}`;
    const hash = createHash("sha256");
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, signal })) {
      hash.update(chunk);
    }
    return hash.digest("hex") === sha256 ? undefined : "is not what was built";
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR")) return "is missing";
    if (isSystemError(error, "EIO", "EACCES", "EISDIR")) return "cannot be read";
    throw error;
  }
}
