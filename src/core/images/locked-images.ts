import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { Architecture } from "../../host/architecture.ts";
import type { CachedImage } from "../../iso/images/cache/image-cache.ts";
import type { ImageKind, ImageLock } from "../../iso/images/image-lock.ts";
import type { ImageLocks } from "../../iso/images/lock-file.ts";
import { ensureImage, ensureLockedImage } from "../../iso/images/making/ensure-image.ts";
import {
  fetchLocked,
  type LockedImage,
  lockedImagesToMake,
} from "../../iso/images/making/fetch-locked.ts";
import type { Context } from "../context.ts";
import type { Step } from "../progress.ts";
import { designFor, imageOptions, type MachineImages } from "./images.ts";
import { withImagesInUse } from "./images-in-use.ts";

/**
 * The images of exactly these locks: from the cache, or made anew. Warns of what a lock is believed for.
 * @throws TsmachineError LOCK_MISMATCH, INPUT_MISSING; PACKAGE_GONE with the packages of all locks
 */
export async function provideLockedImages(
  context: Context,
  locks: ImageLocks,
): Promise<Partial<MachineImages>> {
  context.warn(
    "the packages are believed by the hashes of the lock and not by a fresh signature of Debian's; use locks of people you trust",
  );
  return withImagesInUse(context, () => makeLocked(context, locks));
}

/**
 * Both images that a machine boots: of exactly these locks, and the standard one of a kind that has no
 * lock.
 * @throws TsmachineError LOCK_INVALID for locks of several architectures; as provideLockedImages, and
 *   as ensureImage for a kind without a lock
 */
export async function provideLockedPair(
  context: Context,
  locks: ImageLocks,
): Promise<MachineImages> {
  const architecture = architectureOf(locks);
  return withImagesInUse(context, async () => {
    const { boot, engine } = await provideLockedImages(context, locks);
    return {
      boot: boot ?? (await standardImage(context, { kind: "boot", architecture })),
      engine: engine ?? (await standardImage(context, { kind: "engine", architecture })),
    };
  });
}

async function makeLocked(context: Context, locks: ImageLocks): Promise<Partial<MachineImages>> {
  const images = await Promise.all(
    [locks.boot, locks.engine]
      .filter((lock) => lock !== undefined)
      .map(
        async (lock): Promise<LockedImage> => ({ lock, design: await designFor(context, lock) }),
      ),
  );
  const missing = await lockedImagesToMake(images, context.store.layout.cache);
  if (missing.length > 0) {
    await context.progress.step("Fetching the packages of the lock", (step) =>
      fetchLocked(missing, imageOptions(context, step)),
    );
  }
  const provided: Partial<Record<ImageKind, CachedImage>> = {};
  for (const { lock, design } of images) {
    const provide = (step: Step) => ensureLockedImage(design, lock, imageOptions(context, step));
    provided[lock.kind] = await context.progress.step(`Preparing the ${lock.kind} image`, provide);
  }
  return provided;
}

async function standardImage(
  context: Context,
  wanted: Pick<ImageLock, "kind" | "architecture">,
): Promise<CachedImage> {
  const design = await designFor(context, wanted);
  return context.progress.step(`Preparing the ${wanted.kind} image`, (step) =>
    ensureImage(design, { ...imageOptions(context, step), freshness: "cached" }),
  );
}

function architectureOf({ boot, engine }: ImageLocks): Architecture {
  const architecture = (boot ?? engine)?.architecture;
  if (architecture === undefined) throw new Error("a lock file has at least one lock");
  if (engine === undefined || engine.architecture === architecture) return architecture;
  throw new TsmachineError(
    "LOCK_INVALID",
    `the locked boot image is for ${architecture}, the engine image for ${engine.architecture}`,
    { hints: ["give a lock file whose images are for one architecture"] },
  );
}
