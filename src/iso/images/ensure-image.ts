import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { Architecture } from "../../host/architecture.ts";
import { readTextIfPresent, writeFileAtomic } from "../../host/files.ts";
import type { DebianArchive } from "../debian/archive.ts";
import type { FetchedPackage, FetchProgress } from "../debian/fetch-packages.ts";
import { type DebianLock, debianLockSchema } from "../debian/lock.ts";
import { type BuildOptions, buildImage, whileBuilding } from "./build-image.ts";
import { type CachedImage, checkImage, findImage, imagesDirectory } from "./image-cache.ts";
import { type ImageDesign, type ImageReport, keyOf } from "./image-design.ts";
import type { ImageKind } from "./image-manifest.ts";

/** Where packages come from; opened only when the cache does not have the image. */
export interface PackageSource {
  openArchive(
    suite: string,
    architecture: Architecture,
    report: ImageReport,
  ): Promise<Pick<DebianArchive, "release" | "resolve" | "fetch">>;
  /** Exactly these packages, whether or not the archive still offers them. */
  fetch(
    lock: DebianLock,
    onProgress: (progress: FetchProgress) => void,
  ): Promise<readonly FetchedPackage[]>;
}

export interface RestoreImageOptions extends BuildOptions {
  readonly source: PackageSource;
}

export interface EnsureImageOptions extends RestoreImageOptions {
  /** "newest" asks the mirror for newer packages even when the cache has an image. */
  readonly freshness: "cached" | "newest";
}

/**
 * An image of this design, checked. The cache answers where it can; otherwise it is built, by one
 * process at a time, and appears whole. One that the cache has damaged is remade from its lock.
 * @throws TsmachineError of the archive and its packages, LOCK_TIMEOUT; the system's errors.
 */
export async function ensureImage(
  design: ImageDesign,
  options: EnsureImageOptions,
): Promise<CachedImage> {
  const { freshness, cacheDirectory } = options;
  if (freshness === "cached") {
    const image = await currentImage(design, cacheDirectory);
    if (image !== undefined && (await isWhole(image, options))) return image;
  }
  return whileBuilding(design.kind, options, async () => {
    const current = await currentImage(design, cacheDirectory);
    return freshness === "cached" && current !== undefined
      ? repair(design, current, options)
      : makeNewest(design, current, options);
  });
}

/**
 * The image with this key, remade from its lock when the cache has damaged it.
 * @throws TsmachineError IMAGE_MISSING when the cache has no such image; IMAGE_CORRUPT when it is
 *   damaged and was made by another version of tsmachine, so that this one cannot remake it.
 */
export async function restoreImage(
  design: ImageDesign,
  key: string,
  options: RestoreImageOptions,
): Promise<CachedImage> {
  const image = await findImage(options.cacheDirectory, design.kind, key);
  if (image === undefined) throw missing(design.kind, key);
  try {
    await checkImage(image, options.signal);
    return image;
  } catch (error) {
    if (!isCorrupt(error) || keyOf(design, image.manifest.lock) !== key) throw error;
  }
  return whileBuilding(design.kind, options, () => repair(design, image, options));
}

const currentSchema = z.object({ key: z.string() });

/** The image that was last made from this design; undefined also when its note is damaged. */
async function currentImage(
  design: ImageDesign,
  cacheDirectory: string,
): Promise<CachedImage | undefined> {
  const text = await readTextIfPresent(currentPath(design, cacheDirectory));
  const { data } = currentSchema.safeParse(parseJson(text ?? ""));
  return data && findImage(cacheDirectory, design.kind, data.key);
}

async function makeNewest(
  design: ImageDesign,
  current: CachedImage | undefined,
  options: EnsureImageOptions,
): Promise<CachedImage> {
  const { source, report, cacheDirectory } = options;
  const archive = await source.openArchive(design.suite, design.architecture, report);
  const packages = archive.resolve(design.packages);
  // The release gets a new date several times a day, mostly with the same packages.
  if (current !== undefined && isDeepStrictEqual(current.manifest.lock.packages, packages)) {
    return repair(design, current, options);
  }
  const lock = debianLockSchema.parse({ ...archive.release, packages });
  const present = await findImage(cacheDirectory, design.kind, keyOf(design, lock));
  const image =
    present !== undefined && (await isWhole(present, options))
      ? present
      : await buildImage(
          design,
          { lock, packages: await archive.fetch(lock.packages, transferTo(report)) },
          options,
        );
  const note = `${JSON.stringify({ key: image.manifest.key })}\n`;
  await writeFileAtomic(currentPath(design, cacheDirectory), note);
  return image;
}

/** Made again from its lock where it is damaged. The caller is inside whileBuilding. */
async function repair(
  design: ImageDesign,
  image: CachedImage,
  options: RestoreImageOptions,
): Promise<CachedImage> {
  const { source, report } = options;
  if (await isWhole(image, options)) return image;
  const { kind, key, lock } = image.manifest;
  report.detail(`${kind} image ${key} is damaged; making it again`);
  const packages = await source.fetch(lock, transferTo(report));
  return buildImage(design, { lock, packages }, options);
}

async function isWhole(image: CachedImage, { signal }: BuildOptions): Promise<boolean> {
  try {
    await checkImage(image, signal);
    return true;
  } catch (error) {
    if (isCorrupt(error)) return false;
    throw error;
  }
}

function isCorrupt(error: unknown): boolean {
  return error instanceof TsmachineError && error.code === "IMAGE_CORRUPT";
}

function transferTo(report: ImageReport): (progress: FetchProgress) => void {
  return ({ receivedBytes, totalBytes }) =>
    report.bytes({ received: receivedBytes, total: totalBytes });
}

function currentPath({ kind, architecture, digest }: ImageDesign, cacheDirectory: string): string {
  const name = `${kind}-${architecture}-${digest.slice(0, 16)}.json`;
  return join(imagesDirectory(cacheDirectory), name);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function missing(kind: ImageKind, key: string): TsmachineError {
  return new TsmachineError("IMAGE_MISSING", `${kind} image ${key} is no longer in the cache`, {
    hints: [
      "run `tsmachine iso build`, which makes the same image while Debian has the same packages, or put " +
        "the folder cache/images of the store back; the machine's disk is untouched",
    ],
  });
}
