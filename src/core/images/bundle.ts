import { stat } from "node:fs/promises";
import { join } from "node:path";
import { chunksOf } from "../../bytes/content.ts";
import { requirePlaceForFile } from "../../host/files/place-for-file.ts";
import type { BundleManifest } from "../../iso/bundle/bundle-manifest.ts";
import { bundleSource } from "../../iso/bundle/bundle-source.ts";
import { checkBundle } from "../../iso/bundle/check-bundle.ts";
import { choosePackages, gatherFiles, type ImagePair } from "../../iso/bundle/gather-bundle.ts";
import { explainBundleFailure } from "../../iso/bundle/invalid-bundle.ts";
import { unpackBundle } from "../../iso/bundle/unpack-bundle.ts";
import { whileImporting } from "../../iso/bundle/while-importing.ts";
import { writeBundle } from "../../iso/bundle/write-bundle.ts";
import { type BootImageWish, bootImageDesign } from "../../iso/images/boot/boot-image.ts";
import { keepInput } from "../../iso/images/cache/inputs.ts";
import { type EngineImageWish, engineImageDesign } from "../../iso/images/engine/engine-image.ts";
import type { ImageDesign } from "../../iso/images/image-design.ts";
import { ensureImage } from "../../iso/images/making/ensure-image.ts";
import type { Context } from "../context.ts";
import type { Step } from "../progress.ts";
import { type ImageSources, imageOptions, type MachineImages } from "./images.ts";
import { withImagesInUse } from "./images-in-use.ts";
import { type ImageSelection, wishesFor } from "./selection.ts";

export interface BundleRequest extends ImageSelection {
  readonly path: string;
  /** Whether a file that is at that path stays, which is an error, or is replaced. */
  readonly existing: "kept" | "replaced";
}

export interface CreatedBundle {
  readonly manifest: BundleManifest;
  /** Bytes of the file. */
  readonly size: number;
}

/**
 * Writes a file with all that these images are made of: the newest packages, and what Debian has
 * signed of them.
 * @throws TsmachineError those of requirePlaceForFile, of wishesFor and of the archive
 */
export function createBundle(context: Context, request: BundleRequest): Promise<CreatedBundle> {
  return withImagesInUse(context, () => collectBundle(context, request));
}

async function collectBundle(
  context: Context,
  { path, existing, ...selection }: BundleRequest,
): Promise<CreatedBundle> {
  const { progress, packageSource: source, signal, store } = context;
  await requirePlaceForFile({ path, existing, example: "bundle.tar", store: store.layout.root });
  const { cache: cacheDirectory } = store.layout;
  const wishes = await wishesFor(context, selection);
  const designs = await designsOf(context, wishes);
  const chosen = await progress.step("Choosing the packages", (report) =>
    choosePackages(designs, { source, report }),
  );
  const files = await progress.step("Fetching the packages", (report) =>
    gatherFiles(chosen, { source, cacheDirectory, report, signal }),
  );
  const { locks, proofs } = chosen;
  const bundle = {
    architecture: selection.architecture,
    suites: [...proofs.keys()],
    images: {
      boot: { wish: wishes.boot.kernel, lock: locks.boot },
      engine: { wish: wishes.engine.engine, lock: locks.engine },
    },
    files,
  };
  const manifest = await progress.step("Writing the bundle", (report) =>
    writeBundle(bundle, { path, report, signal }),
  );
  return { manifest, size: (await stat(path)).size };
}

export interface ImportRequest {
  readonly path: string;
  /** Whether a bundle that is older than what this store has seen is refused. */
  readonly rollback: "refused" | "allowed";
}

export interface ImportedBundle {
  readonly manifest: BundleManifest;
  readonly images: MachineImages;
}

/**
 * Verifies a bundle down to Debian's signatures and builds its images, which `create` with the
 * same choices then finds. Asks no network.
 * @throws TsmachineError BUNDLE_INVALID, FILE_UNREADABLE, RELEASE_ROLLBACK, LOCK_TIMEOUT
 */
export async function importBundle(
  context: Context,
  { path, rollback }: ImportRequest,
): Promise<ImportedBundle> {
  const { progress, store, signal } = context;
  const { cache: cacheDirectory } = store.layout;
  return progress.step("Importing the bundle", (step) =>
    withImagesInUse(context, () =>
      whileImporting({ cacheDirectory, report: step, signal }, (folder) =>
        importInto(folder, { ...context, progress: step }, { path, rollback }),
      ),
    ),
  );
}

async function importInto(
  folder: string,
  context: Context,
  { path, rollback }: ImportRequest,
): Promise<ImportedBundle> {
  const { progress, templates, store, signal } = context;
  const { cache: cacheDirectory } = store.layout;
  const manifest = await progress.step("Reading the bundle", (report) =>
    unpackBundle({ path, folder, report, signal }),
  );
  const { architecture, suites, images } = manifest;
  const designs = await designsOf(context, {
    boot: { architecture, kernel: images.boot.wish },
    engine: { architecture, engine: images.engine.wish },
  });
  const source = bundleSource({
    ...{ folder, suites, templates, cacheDirectory, rollback, signal },
    ...{ now: context.now(), warn: (text) => context.warn(text) },
  });
  try {
    await progress.step("Checking what Debian has signed", (report) =>
      checkBundle({ path, manifest, designs: [designs.boot, designs.engine], source, report }),
    );
    await keepInputs(manifest, { folder, cacheDirectory, signal });
    return { manifest, images: await buildImages({ ...context, packageSource: source }, designs) };
  } catch (error) {
    throw explainBundleFailure(path, error);
  }
}

async function designsOf(
  { templates }: Context,
  wishes: { readonly boot: BootImageWish; readonly engine: EngineImageWish },
): Promise<ImagePair<ImageDesign>> {
  return {
    boot: await bootImageDesign(templates, wishes.boot),
    engine: await engineImageDesign(templates, wishes.engine),
  };
}

interface Unpacked {
  readonly folder: string;
  readonly cacheDirectory: string;
  readonly signal: AbortSignal;
}

/** The kernels and engines that are no packages go where the images look for them. */
async function keepInputs(
  { images: { boot, engine } }: BundleManifest,
  { folder, cacheDirectory, signal }: Unpacked,
): Promise<void> {
  for (const { name, size, sha256 } of [...boot.lock.inputs, ...engine.lock.inputs]) {
    const path = join(folder, "inputs", sha256);
    const chunks = chunksOf({ kind: "slice", path, offset: 0, size });
    await keepInput(cacheDirectory, { name, chunks }, signal);
  }
}

async function buildImages(
  context: ImageSources & Pick<Context, "progress">,
  { boot, engine }: ImagePair<ImageDesign>,
): Promise<MachineImages> {
  const build = (design: ImageDesign) => (step: Step) =>
    ensureImage(design, { ...imageOptions(context, step), freshness: "newest" });
  return {
    boot: await context.progress.step("Building the boot image", build(boot)),
    engine: await context.progress.step("Building the engine image", build(engine)),
  };
}
