import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Context } from "../../core/context.ts";
import { type MachineImages, provideImages } from "../../core/images/images.ts";
import { inFlavour } from "../../core/images/selection.ts";
import { bootImageNames } from "../../iso/images/cache/image-files.ts";
import { parseKernelConfig } from "../../iso/kernel/config/kernel-config.ts";
import type { Cell } from "../definition/matrix.ts";
import type { Versions } from "./find-mislabelling.ts";
import { type ImageNames, imagesOf } from "./image-selection.ts";
import { requireAxes } from "./require-axes.ts";
import { verdictOnError } from "./verdict.ts";

/** Images of a run's cells, made one after another, in the order of the cells. */
export interface Images extends AsyncDisposable {
  /**
   * Resolves when the images of that cell are there.
   * @throws TsmachineError KERNEL_UNSUITABLE for its axes; those of provideImages
   */
  readyFor(cell: Cell): Promise<void>;
  /** The release of the cell's kernel, once its images are there and where its configuration is known. */
  releaseOf(cell: Cell): string | undefined;
  /** What the cell's images hold, once they are there. */
  versionsOf(cell: Cell): Versions | undefined;
  /** The configurations of the kernels so far, by release: gzip in base64. */
  readonly kernelConfigs: Readonly<Record<string, string>>;
  /**
   * Gives up what is not there yet, also a download or a build that is under way: who waits for it is told. Resolves when
   * nothing is made any more. What was downloaded of a package is kept for the next that wants it.
   */
  close(): Promise<void>;
}

export interface ImageChoices {
  readonly names: ImageNames;
  /** The flavour of kernels that the provider's machines need. */
  readonly flavour: "cloud" | "full";
}

/**
 * Begins to make the images of all cells, beside whatever else the run does: a cell waits for its own
 * alone. Building takes a processor and a lock each, so that two at once would gain nothing.
 */
export function prepareImages(
  context: Context,
  cells: readonly Cell[],
  choices: ImageChoices,
): Images {
  const over = new AbortController();
  const signal = AbortSignal.any([context.signal, over.signal]);
  // Also of a download that is under way.
  const cancellable = { ...context, signal, packageSource: context.packageSource.until(signal) };
  const kernelConfigs: Record<string, string> = {};
  const made = new Map<string, Promise<KernelOfCell | undefined>>();
  const releases = new Map<string, string>();
  const versions = new Map<string, Versions>();
  let previous: Promise<unknown> = Promise.resolve();
  for (const cell of cells) {
    const key = imagesKey(cell);
    if (made.has(key)) continue;
    const making = previous.then(async () => {
      const images = await provideTwice(cancellable, cell, choices);
      versions.set(key, {
        kernelRelease: images.boot.manifest.version,
        engineVersion: images.engine.manifest.version,
      });
      const kernel = await readKernel(images);
      if (kernel !== undefined) {
        kernelConfigs[kernel.release] = packed(kernel.text);
        releases.set(key, kernel.release);
      }
      return kernel;
    });
    // Whoever waits for it is told; a cell that nobody comes to is no failure.
    previous = making.catch(() => {});
    made.set(key, making);
  }
  const close = async () => {
    over.abort(new Error("the run is over"));
    await previous;
  };
  return {
    ...{ kernelConfigs, close, [Symbol.asyncDispose]: close },
    releaseOf: (cell) => releases.get(imagesKey(cell)),
    versionsOf: (cell) => versions.get(imagesKey(cell)),
    async readyFor(cell) {
      const kernel = await made.get(imagesKey(cell));
      if (kernel === undefined) return;
      const { text, release } = kernel;
      const name = `the configuration of kernel ${release}`;
      requireAxes(cell.axes, parseKernelConfig(text, name), release);
    },
  };
}

/** What is known of a kernel that came with its configuration. */
interface KernelOfCell {
  readonly release: string;
  readonly text: string;
}

function imagesKey({ axes }: Cell): string {
  return JSON.stringify([axes.kernel, axes.engine, axes.architecture]);
}

/** Once more after what a mirror or this host may do better the next time. */
async function provideTwice(
  context: Context,
  cell: Cell,
  choices: ImageChoices,
): Promise<MachineImages> {
  try {
    return await provideFor(context, cell, choices);
  } catch (error) {
    context.signal.throwIfAborted();
    if (verdictOnError(error, { stage: "images" }).outcome !== "infra") throw error;
    return provideFor(context, cell, choices);
  }
}

async function provideFor(
  context: Context,
  { axes }: Cell,
  { names, flavour }: ImageChoices,
): Promise<MachineImages> {
  context.signal.throwIfAborted();
  const selection = inFlavour(imagesOf(axes, names), flavour);
  return context.progress.step(`Images for ${axes.kernel} and ${axes.engine}`, (step) =>
    provideImages({ ...context, progress: step }, { ...selection, freshness: "cached" }),
  );
}

async function readKernel({ boot }: MachineImages): Promise<KernelOfCell | undefined> {
  if (boot.manifest.files[bootImageNames.config] === undefined) return undefined;
  const text = await readFile(join(boot.directory, bootImageNames.config), "utf8");
  return { release: boot.manifest.version, text };
}

function packed(text: string): string {
  return gzipSync(text, { level: 9 }).toString("base64");
}
