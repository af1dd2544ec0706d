import { rm } from "node:fs/promises";
import { join } from "node:path";
import { makePrivateDirectory } from "../../../host/files/files.ts";
import { namesIn } from "../../../host/files/names-in.ts";
import { removeFolder } from "../../../host/files/remove-folder.ts";
import { withLock } from "../../../host/locks/lock.ts";
import type { FetchedPackage } from "../../debian/fetch-packages.ts";
import { addImage, describeFiles } from "../cache/add-image.ts";
import type { CachedImage } from "../cache/image-cache.ts";
import { imagesDirectory } from "../cache/image-files.ts";
import type { ImageManifest } from "../cache/image-manifest.ts";
import { findInputs } from "../cache/inputs.ts";
import type { BuiltImage, ImageDesign, ImageReport } from "../image-design.ts";
import { type ImageKind, type ImageLock, keyOf } from "../image-lock.ts";

export interface BuildOptions {
  readonly cacheDirectory: string;
  readonly report: ImageReport;
  readonly signal: AbortSignal;
}

/** A build takes half a minute where nothing else runs, and downloads before it. */
const lockTimeoutMs = 30 * 60_000;

export interface Fetched {
  readonly lock: ImageLock;
  readonly packages: readonly FetchedPackage[];
}

/**
 * Builds the image in a folder of its own and moves it into the cache. The caller is inside
 * whileBuilding.
 * @throws what design.build throws; TsmachineError INPUT_MISSING; the system's error; the signal's reason when aborted.
 */
export async function buildImage(
  design: ImageDesign,
  { lock, packages }: Fetched,
  options: BuildOptions,
): Promise<CachedImage> {
  const { cacheDirectory, signal } = options;
  const building = { design, lock, packages, ...options };
  return whenBuilt(building, (folder, { files, version }) =>
    addImage(cacheDirectory, { folder, files, key: keyOf(lock), version, lock }, signal),
  );
}

/**
 * Builds the image and throws it away again: what its files would be. The caller is inside
 * whileBuilding.
 * @throws as buildImage
 */
export async function buildForComparison(
  design: ImageDesign,
  fetched: Fetched,
  options: BuildOptions,
): Promise<ImageManifest["files"]> {
  return whenBuilt({ design, ...fetched, ...options }, (folder, { files }) =>
    describeFiles(folder, files, options.signal),
  );
}

/**
 * Runs `action` while no other process builds images of that kind. What is there under a
 * temporary name then was left by a process that was killed, and is deleted.
 * @throws TsmachineError LOCK_TIMEOUT; the signal's reason when aborted.
 */
export async function whileBuilding<T>(
  kind: ImageKind,
  { cacheDirectory, report, signal }: BuildOptions,
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
  return withLock(buildLockPath(cacheDirectory, kind), limits, async () => {
    await removeLeftovers(cacheDirectory, kind);
    return action();
  });
}

interface Building extends Fetched, BuildOptions {
  readonly design: ImageDesign;
}

async function whenBuilt<T>(
  { design, lock, packages, cacheDirectory, report, signal }: Building,
  use: (folder: string, built: BuiltImage) => Promise<T>,
): Promise<T> {
  const workplace = workplaceOf(cacheDirectory, design.kind);
  const folder = join(workplace, "image");
  const scratch = join(workplace, "scratch");
  try {
    await makePrivateDirectory(folder);
    await makePrivateDirectory(scratch);
    const inputs = await findInputs(cacheDirectory, lock.inputs, signal);
    const ingredients = { packages, inputs, lock, folder, scratch, report, signal };
    const built = await design.build(ingredients);
    report.detail("checking what was written");
    return await use(folder, built);
  } finally {
    await rm(workplace, { recursive: true, force: true });
  }
}

/** Held while images of that kind are built. */
export function buildLockPath(cacheDirectory: string, kind: ImageKind): string {
  return join(imagesDirectory(cacheDirectory), `${kind}.lock`);
}

/** The folder in which an image is put together, while that lock is held. */
export function workplaceOf(cacheDirectory: string, kind: ImageKind): string {
  return join(imagesDirectory(cacheDirectory), `${kind}.building`);
}

async function removeLeftovers(cacheDirectory: string, kind: ImageKind): Promise<void> {
  await removeFolder(workplaceOf(cacheDirectory, kind));
  const directory = imagesDirectory(cacheDirectory);
  for (const name of await namesIn(directory)) {
    const isLeft = name.startsWith(`${kind}-`) || name.startsWith(`${kind}.building.`);
    if (isLeft && name.endsWith(".tmp")) {
      await rm(join(directory, name), { recursive: true, force: true });
    }
  }
}
