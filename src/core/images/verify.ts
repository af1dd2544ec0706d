import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { findImage, type ImageFolder } from "../../iso/images/cache/image-cache.ts";
import { imageDirectory } from "../../iso/images/cache/image-files.ts";
import { type ImageLock, keyOf } from "../../iso/images/image-lock.ts";
import type { ImageLocks } from "../../iso/images/lock-file.ts";
import { checkIngredients } from "../../iso/images/verify/check-ingredients.ts";
import { differencesBetween } from "../../iso/images/verify/compare-locks.ts";
import { findProblems, type ImageProblem } from "../../iso/images/verify/find-problems.ts";
import { rebuildAndCompare } from "../../iso/images/verify/rebuild.ts";
import type { Context } from "../context.ts";
import { designFor, imageOptions } from "./images.ts";

export interface VerifyTarget {
  readonly folder: ImageFolder;
  /** What the image must have been made of; what it says itself unless given. */
  readonly lock?: ImageLock | undefined;
}

export interface VerifyOptions {
  /** "rebuild" also makes the image again of its lock. */
  readonly how: "hash" | "rebuild";
}

/** An image and what is wrong with it. */
export interface VerifiedImage {
  readonly kind: ImageFolder["kind"];
  readonly key: string;
  /** Undefined when the manifest, which has it, is damaged. */
  readonly version: string | undefined;
  /** Of the lock's packages and files: how many there are, and how many the cache has. */
  readonly ingredients: { readonly locked: number; readonly cached: number } | undefined;
  readonly problems: readonly ImageProblem[];
}

/** The images of these locks, whether or not the cache has them. */
export async function targetsOf(
  { store }: Context,
  locks: ImageLocks,
): Promise<readonly VerifyTarget[]> {
  const { cache } = store.layout;
  const target = async (lock: ImageLock) => {
    const [kind, key] = [lock.kind, keyOf(lock)];
    const directory = imageDirectory(cache, kind, key);
    return { folder: { kind, key, directory, image: await findImage(cache, kind, key) }, lock };
  };
  return Promise.all([locks.boot, locks.engine].filter((lock) => lock !== undefined).map(target));
}

/**
 * Checks images against their manifests, byte by byte, and both them and the cache against their
 * locks. Changes no image.
 * @throws TsmachineError of the archive when an image is made again
 */
export async function verifyImages(
  context: Context,
  targets: readonly VerifyTarget[],
  { how }: VerifyOptions,
): Promise<readonly VerifiedImage[]> {
  const verified: VerifiedImage[] = [];
  for (const target of targets) {
    const { kind, key, image } = target.folder;
    const { ingredients, problems } = await context.progress.step(
      `Checking ${kind} image ${key}`,
      () => check(context, target),
    );
    const further = how === "rebuild" ? await rebuild(context, target) : [];
    const version = image?.manifest.version;
    verified.push({ kind, key, version, ingredients, problems: [...problems, ...further] });
  }
  return verified;
}

async function check(
  { store, signal }: Context,
  { folder, lock }: VerifyTarget,
): Promise<Pick<VerifiedImage, "ingredients" | "problems">> {
  const own = folder.image?.manifest.lock;
  const differences = own && lock ? differencesBetween(own, lock) : [];
  const problems = [
    ...(await findProblems(folder, signal)),
    ...differences.map((problem) => ({ file: "image.json", problem })),
  ];
  const wanted = lock ?? own;
  if (wanted === undefined) return { ingredients: undefined, problems };
  const { cache } = store.layout;
  const found = await checkIngredients(wanted, { cacheDirectory: cache, signal });
  const { locked, cached } = found;
  return { ingredients: { locked, cached }, problems: [...problems, ...found.problems] };
}

async function rebuild(
  context: Context,
  { folder: { kind, key, image }, lock: wanted }: VerifyTarget,
): Promise<readonly ImageProblem[]> {
  if (image === undefined) return [];
  const { files, lock: own } = image.manifest;
  const lock = wanted ?? own;
  const design = await designFor(context, lock);
  try {
    return await context.progress.step(`Making ${kind} image ${key} again`, (step) =>
      rebuildAndCompare(design, { lock, files }, imageOptions(context, step)),
    );
  } catch (error) {
    if (!(error instanceof TsmachineError && isOfThisImage.has(error.code))) throw error;
    return [{ file: "image.json", problem: `cannot be made again: ${error.message}` }];
  }
}

/** What keeps one image from being made again, and says nothing of the next. */
const isOfThisImage: ReadonlySet<string> = new Set([
  "INPUT_MISSING",
  "LOCK_MISMATCH",
  "PACKAGE_GONE",
]);
