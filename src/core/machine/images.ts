import type { Architecture } from "../../host/architecture.ts";
import { bootImageDesign, bootImageNames } from "../../iso/images/boot-image.ts";
import { engineImageDesign, engineImageName } from "../../iso/images/engine-image.ts";
import { ensureImage, restoreImage } from "../../iso/images/ensure-image.ts";
import { type CachedImage, filePath } from "../../iso/images/image-cache.ts";
import type { ImageDesign } from "../../iso/images/image-design.ts";
import type { BootImages } from "../../providers/provider.ts";
import type { MachineRecord } from "../../store/record.ts";
import type { Context } from "../context.ts";
import type { Step } from "../progress.ts";

/** The shared images of a machine. */
export interface MachineImages {
  readonly boot: CachedImage;
  readonly engine: CachedImage;
}

/**
 * The images for new machines: from the cache, or built from Debian's packages; "newest" asks the
 * mirror in any case.
 * @throws TsmachineError of ensureImage
 */
export async function provideImages(
  context: Context,
  request: { architecture: Architecture; freshness: "cached" | "newest" },
): Promise<MachineImages> {
  const { boot, engine } = await designs(context, request.architecture);
  const provide = (design: ImageDesign) => (step: Step) =>
    ensureImage(design, { ...imageOptions(context, step), freshness: request.freshness });
  return {
    boot: await context.progress.step("Preparing the boot image", provide(boot)),
    engine: await context.progress.step("Preparing the engine image", provide(engine)),
  };
}

/**
 * Makes sure that the images a machine was created with are whole.
 * @throws TsmachineError IMAGE_CORRUPT, IMAGE_MISSING
 */
export async function restoreImages(context: Context, record: MachineRecord): Promise<void> {
  await context.progress.step("Checking the images", async (step) => {
    const { boot, engine } = await designs(context, record.architecture);
    const options = imageOptions(context, step);
    await restoreImage(boot, record.images.boot, options);
    await restoreImage(engine, record.images.engine, options);
  });
}

/** Paths of the images, as providers take them. */
export function bootImagesOf(
  { boot, engine }: MachineImages,
  rest: Pick<BootImages, "seedImage" | "commandLine">,
): BootImages {
  return {
    kernel: filePath(boot, bootImageNames.kernel),
    initramfs: filePath(boot, bootImageNames.initramfs),
    bootIso: filePath(boot, bootImageNames.iso),
    engineImage: filePath(engine, engineImageName),
    ...rest,
  };
}

async function designs({ templates }: Context, architecture: Architecture) {
  return {
    boot: await bootImageDesign(templates, architecture),
    engine: await engineImageDesign(templates, architecture),
  };
}

function imageOptions({ store, packageSource, signal }: Context, step: Step) {
  const { cache } = store.layout;
  return { cacheDirectory: cache, source: packageSource, report: step, signal };
}
