import { isDeepStrictEqual } from "node:util";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import type { FetchProgress } from "../../debian/fetch-packages.ts";
import { checkImage } from "../cache/check-image.ts";
import { findCurrentImage, setCurrentImage } from "../cache/current-image.ts";
import { type CachedImage, findImage } from "../cache/image-cache.ts";
import type { ImageChoice, ImageDesign, ImageReport } from "../image-design.ts";
import { type ImageLock, imageLockSchema, keyOf, timeOf } from "../image-lock.ts";
import type { PackageSource } from "../package-source.ts";
import { type BuildOptions, buildImage, whileBuilding } from "./build-image.ts";

export interface ProvideImageOptions extends BuildOptions {
  readonly source: PackageSource;
}

export interface EnsureImageOptions extends ProvideImageOptions {
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
    const image = await findCurrentImage(design, cacheDirectory);
    if (image !== undefined && (await isSound(image, options))) return image;
  }
  return whileBuilding(design.kind, options, async () => {
    const current = await findCurrentImage(design, cacheDirectory);
    return freshness === "cached" && current !== undefined
      ? makeFromLock(design, current.manifest.lock, options)
      : makeNewest(design, current, options);
  });
}

/**
 * The image of exactly this lock: from the cache, or made (again) where it is missing or damaged.
 * @throws TsmachineError LOCK_MISMATCH when the lock was written by a tsmachine with other
 *   templates, so that this one would make another image; PACKAGE_GONE.
 */
export async function ensureLockedImage(
  design: ImageDesign,
  lock: ImageLock,
  options: ProvideImageOptions,
): Promise<CachedImage> {
  const image = await findImage(options.cacheDirectory, lock.kind, keyOf(lock));
  if (image !== undefined && (await isSound(image, options))) return image;
  requireTemplates(design, lock);
  return whileBuilding(lock.kind, options, () => makeFromLock(design, lock, options));
}

/**
 * The image with this key, made again where the cache has damaged or lost it.
 * @param lock what it was made of, where that is known
 * @throws TsmachineError IMAGE_MISSING, IMAGE_CORRUPT when it cannot be made again, because it was
 *   made by another version of tsmachine or of a lock that is lost.
 */
export async function restoreImage(
  design: ImageDesign,
  { key, lock }: { readonly key: string; readonly lock?: ImageLock | undefined },
  options: ProvideImageOptions,
): Promise<CachedImage> {
  const image = await findImage(options.cacheDirectory, design.kind, key);
  const known = image?.manifest.lock ?? lock;
  const isRemakable =
    known !== undefined && known.templates === design.templates && keyOf(known) === key;
  if (!isRemakable) {
    if (image === undefined) throw missing(design, key);
    await checkImage(image, options.signal);
    return image;
  }
  return ensureLockedImage(design, known, options);
}

async function makeNewest(
  design: ImageDesign,
  current: CachedImage | undefined,
  options: EnsureImageOptions,
): Promise<CachedImage> {
  const { source, report, cacheDirectory } = options;
  const choice = await design.choose(source, report);
  // A release gets a new date several times a day, mostly with the same packages.
  const lock =
    current !== undefined && isSameChoice(current.manifest.lock, choice)
      ? current.manifest.lock
      : lockOf(design, choice);
  const image = await makeFromLock(design, lock, options);
  await setCurrentImage(design, image, cacheDirectory);
  return image;
}

/** What the design makes of this choice. */
export function lockOf(
  { kind, architecture, templates }: ImageDesign,
  choice: ImageChoice,
): ImageLock {
  return imageLockSchema.parse({ lockVersion: 2, kind, architecture, templates, ...choice });
}

function isSameChoice(lock: ImageLock, { packages, inputs }: ImageChoice): boolean {
  return isDeepStrictEqual([lock.packages, lock.inputs], [packages, inputs]);
}

/** From the cache where that has it whole. The caller is inside whileBuilding. */
async function makeFromLock(
  design: ImageDesign,
  lock: ImageLock,
  options: ProvideImageOptions,
): Promise<CachedImage> {
  const { source, report, cacheDirectory } = options;
  const key = keyOf(lock);
  const present = await findImage(cacheDirectory, lock.kind, key);
  if (present !== undefined) {
    if (await isSound(present, options)) return present;
    report.detail(`${lock.kind} image ${key} is damaged; making it again`);
  }
  const wanted = { packages: lock.packages, date: timeOf(lock).toISOString() };
  const packages = await source.fetch(wanted, transferTo(report));
  return buildImage(design, { lock, packages }, options);
}

async function isSound(image: CachedImage, { signal }: BuildOptions): Promise<boolean> {
  try {
    await checkImage(image, signal);
    return true;
  } catch (error) {
    if (error instanceof TsmachineError && error.code === "IMAGE_CORRUPT") return false;
    throw error;
  }
}

function transferTo(report: ImageReport): (progress: FetchProgress) => void {
  return ({ receivedBytes, totalBytes }) =>
    report.bytes({ received: receivedBytes, total: totalBytes });
}

function missing({ kind }: ImageDesign, key: string): TsmachineError {
  return new TsmachineError("IMAGE_MISSING", `${kind} image ${key} is no longer in the cache`, {
    hints: [
      "put the folder cache/images of the store back, or create the machine anew; its disk is untouched",
    ],
  });
}

/** @throws TsmachineError LOCK_MISMATCH when the design makes another image of the lock than its writer. */
export function requireTemplates(design: ImageDesign, { kind, templates }: ImageLock): void {
  if (templates === design.templates) return;
  throw new TsmachineError(
    "LOCK_MISMATCH",
    `the lock of the ${kind} image was written by another version of tsmachine`,
    { hints: ["install the version that wrote the lock, or build without it for a new image"] },
  );
}
