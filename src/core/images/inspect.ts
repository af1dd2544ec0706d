import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { findCurrentImage } from "../../iso/images/cache/current-image.ts";
import type { CachedImage } from "../../iso/images/cache/image-cache.ts";
import {
  findImage,
  type ImageFolder,
  listImageFolders,
} from "../../iso/images/cache/image-cache.ts";
import type { ImageManifest } from "../../iso/images/cache/image-manifest.ts";
import type { ImageKind, ImageLock } from "../../iso/images/image-lock.ts";
import type { Context } from "../context.ts";
import { designFor } from "./images.ts";
import { imagesOf } from "./recorded-images.ts";

/** What an image is and what is in it, as `--json` prints it. */
export interface ImageContents
  extends Pick<ImageLock, "kind" | "architecture" | "releases" | "packages" | "inputs"> {
  readonly key: string;
  /** See ImageManifest. */
  readonly version: string;
  readonly files: ImageManifest["files"];
  /** Of all files. */
  readonly sizeBytes: number;
}

export function describeContents({ manifest }: CachedImage): ImageContents {
  const { key, version, files, lock } = manifest;
  const { kind, architecture, releases, packages, inputs } = lock;
  const sizeBytes = Object.values(files).reduce((total, { size }) => total + size, 0);
  return { kind, key, version, architecture, releases, sizeBytes, files, packages, inputs };
}

/**
 * The images that are meant, boot image first.
 * @param name an image's key, or a machine; the images that `create` uses unless given
 * @throws TsmachineError IMAGE_UNKNOWN, IMAGE_MISSING, IMAGE_CORRUPT; those of readMachine
 */
export async function findImages(
  context: Context,
  name: string | undefined,
): Promise<readonly CachedImage[]> {
  if (name === undefined) return standardImages(context);
  const folders = await listImageFolders(context.store.layout.cache);
  const folder = folders.find(({ key }) => key === name);
  if (folder !== undefined) return [folder.image ?? refuseDamaged(folder)];
  if ((await context.store.listMachineNames()).includes(name))
    return imagesOfMachine(context, name);
  throw new TsmachineError("IMAGE_UNKNOWN", `neither an image nor a machine is called "${name}"`, {
    hints: ["see `tsmachine iso ls` for the keys of images, and `tsmachine ls` for the machines"],
    context: { name },
  });
}

/**
 * The folders of the images with these keys.
 * @throws TsmachineError IMAGE_UNKNOWN
 */
export async function findFolders(
  { store }: Context,
  keys: readonly string[],
): Promise<readonly ImageFolder[]> {
  const folders = await listImageFolders(store.layout.cache);
  return keys.map((wanted) => folders.find(({ key }) => key === wanted) ?? refuseKey(wanted));
}

const kinds: readonly ImageKind[] = ["boot", "engine"];

async function standardImages(context: Context): Promise<readonly CachedImage[]> {
  const { store, architecture } = context;
  const find = async (kind: ImageKind) => {
    const design = await designFor(context, { kind, architecture });
    const image = await findCurrentImage(design, store.layout.cache);
    if (image !== undefined) return image;
    throw new TsmachineError("IMAGE_MISSING", `there is no ${kind} image yet`, {
      hints: ["run `tsmachine iso build`"],
    });
  };
  return Promise.all(kinds.map(find));
}

async function imagesOfMachine(
  { store }: Context,
  machine: string,
): Promise<readonly CachedImage[]> {
  const images = imagesOf(await store.readMachine(machine));
  const find = async (kind: ImageKind) => {
    const image = await findImage(store.layout.cache, kind, images[kind]);
    if (image !== undefined) return image;
    const problem = `${kind} image ${images[kind]} of machine "${machine}" is not in the cache`;
    throw new TsmachineError("IMAGE_MISSING", problem, {
      hints: [`run \`tsmachine start ${machine}\`, which makes it again`],
    });
  };
  return Promise.all(kinds.map(find));
}

function refuseDamaged({ kind, key, directory }: ImageFolder): never {
  throw new TsmachineError("IMAGE_CORRUPT", `${kind} image ${key}: image.json is damaged`, {
    hints: [
      `delete ${directory}, then run \`tsmachine iso build\` or start the machine that uses it`,
    ],
    context: { directory },
  });
}

function refuseKey(key: string): never {
  throw new TsmachineError("IMAGE_UNKNOWN", `there is no image with the key "${key}"`, {
    hints: ["see `tsmachine iso ls` for the images there are"],
    context: { key },
  });
}
