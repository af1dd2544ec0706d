import { rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { Architecture } from "../../host/architecture.ts";
import { makePrivateDirectory, readTextIfPresent, writeFileAtomic } from "../../host/files.ts";
import { withLock } from "../../host/lock.ts";
import type { DebianArchive } from "../debian/archive.ts";
import type { FetchedPackage, FetchProgress } from "../debian/fetch-packages.ts";
import type { DebianLock } from "../debian/lock.ts";
import type { PackageRequest } from "../debian/packages/resolve.ts";
import { digestOf } from "../recipes/recipe.ts";
import {
  addImage,
  type CachedImage,
  checkImage,
  findImage,
  imagesDirectory,
  namesIn,
  removeFolder,
} from "./image-cache.ts";
import type { ImageKind } from "./image-manifest.ts";

/** A kind of image for one architecture: what it is made of, and how. */
export interface ImageDesign {
  readonly kind: ImageKind;
  readonly architecture: Architecture;
  readonly suite: string;
  readonly packages: PackageRequest;
  /** Digest of the recipe and the templates: all that goes in besides packages. */
  readonly digest: string;
  /** The version that the image is known by, from its packages. */
  versionOf(lock: DebianLock): string;
  /** Writes the image's files into a folder and gives back their names. */
  build(ingredients: Ingredients): Promise<readonly string[]>;
}

export interface Ingredients {
  readonly packages: readonly FetchedPackage[];
  readonly lock: DebianLock;
  /** Where the image's files go. */
  readonly folder: string;
  /** A folder for whatever is needed on the way; deleted afterwards. */
  readonly scratch: string;
  readonly report: ImageReport;
  readonly signal: AbortSignal;
}

export interface ImageReport {
  /** One line about what is done just now. */
  detail(text: string): void;
  bytes(transfer: { readonly received: number; readonly total: number | undefined }): void;
}

/** Where packages come from; opened only when the cache does not have the image. */
export interface PackageSource {
  openArchive(
    suite: string,
    architecture: Architecture,
    report: ImageReport,
  ): Promise<DebianArchive>;
  /** Exactly these packages, whether or not the archive still offers them. */
  fetch(
    lock: DebianLock,
    onProgress: (progress: FetchProgress) => void,
  ): Promise<readonly FetchedPackage[]>;
}

export interface EnsureImageOptions {
  readonly cacheDirectory: string;
  readonly source: PackageSource;
  /** "newest" asks the mirror for newer packages even when the cache has an image. */
  readonly freshness: "cached" | "newest";
  readonly report: ImageReport;
  readonly signal: AbortSignal;
}

const lockTimeoutMs = 30 * 60_000;
const currentSchema = z.object({ key: z.string() });

/**
 * An image of this design, checked. The cache answers where it can; otherwise it is built, by one
 * process at a time, and appears whole.
 * @throws TsmachineError of the archive and its packages, IMAGE_CORRUPT, LOCK_TIMEOUT, DISK_FULL.
 */
export async function ensureImage(
  design: ImageDesign,
  options: EnsureImageOptions,
): Promise<CachedImage> {
  const { freshness, report, cacheDirectory } = options;
  if (freshness === "cached") {
    const image = await checkedCurrentImage(design, options);
    if (image !== undefined) return image;
  }
  return whileBuilding(design.kind, options, async () => {
    const built = freshness === "cached" ? await currentImage(design, cacheDirectory) : undefined;
    if (built !== undefined) return repair(design, built, options);
    const archive = await options.source.openArchive(design.suite, design.architecture, report);
    const lock = { ...archive.release, packages: archive.resolve(design.packages) };
    const image =
      (await usableImage(design, lock, options)) ??
      (await build(design, lock, options, (onProgress) =>
        archive.fetch(lock.packages, onProgress),
      ));
    await writeFileAtomic(
      currentPath(design, cacheDirectory),
      `${JSON.stringify({ key: image.manifest.key })}\n`,
    );
    return image;
  });
}

/**
 * The image with this key, remade from its lock when the cache has damaged it.
 * @throws TsmachineError IMAGE_MISSING when it cannot be made again: it is gone, or was made by
 *   another version of tsmachine.
 */
export async function restoreImage(
  design: ImageDesign,
  key: string,
  options: Omit<EnsureImageOptions, "freshness">,
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

async function checkedCurrentImage(
  design: ImageDesign,
  { cacheDirectory, signal }: EnsureImageOptions,
): Promise<CachedImage | undefined> {
  const image = await currentImage(design, cacheDirectory);
  if (image === undefined) return undefined;
  try {
    await checkImage(image, signal);
    return image;
  } catch (error) {
    if (isCorrupt(error)) return undefined;
    throw error;
  }
}

/** The image that was last built from this design. */
async function currentImage(
  design: ImageDesign,
  cacheDirectory: string,
): Promise<CachedImage | undefined> {
  const text = await readTextIfPresent(currentPath(design, cacheDirectory));
  if (text === undefined) return undefined;
  const { key } = currentSchema.parse(JSON.parse(text));
  return findImage(cacheDirectory, design.kind, key);
}

async function usableImage(
  design: ImageDesign,
  lock: DebianLock,
  { cacheDirectory, signal }: EnsureImageOptions,
): Promise<CachedImage | undefined> {
  const image = await findImage(cacheDirectory, design.kind, keyOf(design, lock));
  if (image !== undefined) await checkImage(image, signal);
  return image;
}

async function repair(
  design: ImageDesign,
  image: CachedImage,
  options: Omit<EnsureImageOptions, "freshness">,
): Promise<CachedImage> {
  try {
    await checkImage(image, options.signal);
    return image;
  } catch (error) {
    if (!isCorrupt(error)) throw error;
    options.report.detail(`${error.message}; making it again`);
  }
  const { lock } = image.manifest;
  return build(design, lock, options, (onProgress) => options.source.fetch(lock, onProgress));
}

async function build(
  design: ImageDesign,
  lock: DebianLock,
  { cacheDirectory, report, signal }: Omit<EnsureImageOptions, "freshness">,
  fetch: (onProgress: (progress: FetchProgress) => void) => Promise<readonly FetchedPackage[]>,
): Promise<CachedImage> {
  const packages = await fetch(({ receivedBytes, totalBytes }) =>
    report.bytes({ received: receivedBytes, total: totalBytes }),
  );
  const workplace = join(imagesDirectory(cacheDirectory), `${design.kind}.building`);
  const folder = join(workplace, "image");
  const scratch = join(workplace, "scratch");
  try {
    await makePrivateDirectory(folder);
    await makePrivateDirectory(scratch);
    const files = await design.build({ packages, lock, folder, scratch, report, signal });
    const identity = {
      kind: design.kind,
      key: keyOf(design, lock),
      architecture: design.architecture,
      version: design.versionOf(lock),
      lock: { ...lock, packages: [...lock.packages] },
    };
    report.detail("checking what was written");
    return await addImage(cacheDirectory, { folder, files, ...identity }, signal);
  } finally {
    await rm(workplace, { recursive: true, force: true });
  }
}

/** Whatever is there under a temporary name once the lock is held was left by a killed process. */
async function whileBuilding<T>(
  kind: ImageKind,
  { cacheDirectory, report, signal }: Omit<EnsureImageOptions, "freshness">,
  action: () => Promise<T>,
): Promise<T> {
  const directory = imagesDirectory(cacheDirectory);
  await makePrivateDirectory(directory);
  const limits = {
    guards: `the building of ${kind} images`,
    timeoutMs: lockTimeoutMs,
    signal,
    onWait: (pid: number) => report.detail(`process ${pid} is building it; waiting for that one`),
  };
  return withLock(join(directory, `${kind}.lock`), limits, async () => {
    const left = (await namesIn(directory)).filter(
      (name) =>
        name === `${kind}.building` || (name.startsWith(`${kind}-`) && name.endsWith(".tmp")),
    );
    for (const name of left) await removeFolder(join(directory, name));
    return action();
  });
}

function currentPath({ kind, digest }: ImageDesign, cacheDirectory: string): string {
  return join(imagesDirectory(cacheDirectory), `${kind}-${digest.slice(0, 16)}.json`);
}

function keyOf({ kind, architecture, digest }: ImageDesign, lock: DebianLock): string {
  return digestOf(kind, architecture, digest, lock).slice(0, 16);
}

function isCorrupt(error: unknown): error is TsmachineError {
  return error instanceof TsmachineError && error.code === "IMAGE_CORRUPT";
}

function missing(kind: ImageKind, key: string): TsmachineError {
  return new TsmachineError("IMAGE_MISSING", `${kind} image ${key} is no longer in the cache`, {
    hints: [
      "put the folder cache/images of the store back, or remove the machine and create it anew",
    ],
  });
}
