import { bootImageDesign } from "../../iso/images/boot/boot-image.ts";
import { findCurrentImage } from "../../iso/images/cache/current-image.ts";
import type { CachedImage } from "../../iso/images/cache/image-cache.ts";
import { engineImageDesign } from "../../iso/images/engine/engine-image.ts";
import type { ImageDesign } from "../../iso/images/image-design.ts";
import { type ImageLock, keyOf } from "../../iso/images/image-lock.ts";
import { formatLockFile, parseAllLocks } from "../../iso/images/lock-file.ts";
import { ensureImage, restoreImage } from "../../iso/images/making/ensure-image.ts";
import type { PackageSource } from "../../iso/images/package-source.ts";
import type { MachineRecord } from "../../store/record.ts";
import type { Context } from "../context.ts";
import type { Step } from "../progress.ts";
import { withImagesInUse } from "./images-in-use.ts";
import { imagesOf } from "./recorded-images.ts";
import { engineWish, type ImageSelection, inFlavour, wishesFor } from "./selection.ts";

/** The shared images of a machine. */
export interface MachineImages {
  readonly boot: CachedImage;
  readonly engine: CachedImage;
}

export interface ImageRequest extends ImageSelection {
  /** "newest" asks the mirror in any case. */
  readonly freshness: "cached" | "newest";
}

/**
 * The images for new machines: from the cache, or built from Debian's packages.
 * @throws TsmachineError of wishesFor and ensureImage
 */
export async function provideImages(
  context: Context,
  { freshness, ...selection }: ImageRequest,
): Promise<MachineImages> {
  return withImagesInUse(context, async () => {
    const { boot, engine } = await designs(context, selection);
    const provide = (design: ImageDesign) => (step: Step) =>
      ensureImage(design, { ...imageOptions(context, step), freshness });
    return {
      boot: await context.progress.step("Preparing the boot image", provide(boot)),
      engine: await context.progress.step("Preparing the engine image", provide(engine)),
    };
  });
}

/** Keys of the images that the next machine gets when nothing else is asked for, as far as there are any. */
export async function keysOfStandardImages(context: Context): Promise<readonly string[]> {
  const { architecture, store } = context;
  const standard: ImageSelection = {
    ...{ architecture, kernel: { kind: "default" }, engine: { kind: "default" } },
  };
  const { boot, engine } = await designs(context, standard);
  // What providers whose machines need more drivers would take.
  const { boot: fullBoot } = await designs(context, inFlavour(standard, "full"));
  const images = await Promise.all(
    [boot, fullBoot, engine].map((design) => findCurrentImage(design, store.layout.cache)),
  );
  return images.flatMap((image) => image?.manifest.key ?? []);
}

/**
 * The engine's image alone, of the newest packages.
 * @throws TsmachineError of engineWish and ensureImage
 */
export async function provideEngineImage(
  context: Context,
  selection: Pick<ImageSelection, "architecture" | "engine">,
): Promise<CachedImage> {
  const { architecture } = selection;
  const wish = { architecture, engine: await engineWish(context, selection) };
  const design = await engineImageDesign(context.templates, wish);
  return context.progress.step("Preparing the engine image", (step) =>
    ensureImage(design, { ...imageOptions(context, step), freshness: "newest" }),
  );
}

/** What makes the image of this lock. What that is does not depend on what was asked for. */
export function designFor(
  { templates }: Pick<Context, "templates">,
  { kind, architecture }: Pick<ImageLock, "kind" | "architecture">,
): Promise<ImageDesign> {
  switch (kind) {
    case "boot":
      return bootImageDesign(templates, { architecture, kernel: { kind: "default" } });
    case "engine":
      return engineImageDesign(templates, { architecture, engine: { kind: "default" } });
  }
}

/**
 * Makes sure that the images a machine was created with are whole, and makes them again where they
 * are not.
 * @throws TsmachineError IMAGE_CORRUPT, IMAGE_MISSING, those of the archive
 */
export async function restoreImages(context: Context, record: MachineRecord): Promise<void> {
  const restore = async (step: Step) => {
    const { architecture, name } = record;
    const images = imagesOf(record);
    const boot = await designFor(context, { kind: "boot", architecture });
    const engine = await designFor(context, { kind: "engine", architecture });
    const options = imageOptions(context, step);
    const locks = await readLocks(context, name);
    const wanted = (key: string) => ({ key, lock: locks.find((lock) => keyOf(lock) === key) });
    await restoreImage(boot, wanted(images.boot), options);
    await restoreImage(engine, wanted(images.engine), options);
  };
  await context.progress.step("Checking the images", (step) =>
    withImagesInUse(context, () => restore(step)),
  );
}

/** The text that a machine keeps of what its images are made of. */
export function imageLocksOf({ boot, engine }: MachineImages): string {
  return formatLockFile([boot.manifest.lock, engine.manifest.lock]);
}

async function designs(context: Context, selection: ImageSelection) {
  const wishes = await wishesFor(context, selection);
  const [boot, engine] = await Promise.all([
    bootImageDesign(context.templates, wishes.boot),
    engineImageDesign(context.templates, wishes.engine),
  ]);
  return { boot, engine };
}

export interface ImageSources extends Pick<Context, "store" | "signal"> {
  readonly packageSource: PackageSource;
}

/** For building images as a step. */
export function imageOptions({ store, packageSource, signal }: ImageSources, step: Step) {
  const { cache } = store.layout;
  return { cacheDirectory: cache, source: packageSource, report: step, signal };
}

/** Of all the images that the machine has had; a machine of tsmachine 0.1 has none. */
export async function readLocks(
  { store }: Pick<Context, "store">,
  name: string,
): Promise<readonly ImageLock[]> {
  const { imageLocks } = await store.readMachineFiles(name);
  return imageLocks === undefined
    ? []
    : parseAllLocks(imageLocks, store.machineLayout(name).imageLocks);
}
