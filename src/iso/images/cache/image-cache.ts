import { join } from "node:path";
import { readTextNow } from "../../../host/files/files.ts";
import { namesIn } from "../../../host/files/names-in.ts";
import { type ImageKind, imageKindSchema } from "../image-lock.ts";
import { imageDirectory, imagesDirectory, manifestName } from "./image-files.ts";
import { type ImageManifest, imageManifestSchema } from "./image-manifest.ts";

/** An image in the cache. */
export interface CachedImage {
  readonly manifest: ImageManifest;
  readonly directory: string;
}

export function filePath({ directory }: CachedImage, name: string): string {
  return join(directory, name);
}

/** The image with this key as its manifest describes it; undefined when the cache has none. */
export async function findImage(
  cacheDirectory: string,
  kind: ImageKind,
  key: string,
): Promise<CachedImage | undefined> {
  const directory = imageDirectory(cacheDirectory, kind, key);
  const text = readTextNow(join(directory, manifestName));
  if (text === undefined) return undefined;
  try {
    return { manifest: imageManifestSchema.parse(JSON.parse(text)), directory };
  } catch {
    return undefined;
  }
}

/** A folder of the cache that has an image's name. */
export interface ImageFolder {
  readonly kind: ImageKind;
  readonly key: string;
  readonly directory: string;
  /** Undefined when its manifest is missing or damaged. */
  readonly image: CachedImage | undefined;
}

export async function listImageFolders(cacheDirectory: string): Promise<readonly ImageFolder[]> {
  const found: ImageFolder[] = [];
  for (const name of await namesIn(imagesDirectory(cacheDirectory))) {
    const [, prefix, key] = /^([a-z0-9]+)-([0-9a-f]{16})$/.exec(name) ?? [];
    const { data: kind } = imageKindSchema.safeParse(prefix);
    if (kind === undefined || key === undefined) continue;
    const directory = imageDirectory(cacheDirectory, kind, key);
    found.push({ kind, key, directory, image: await findImage(cacheDirectory, kind, key) });
  }
  return found;
}

/** All images of the cache, those with damaged files included. */
export async function listImages(cacheDirectory: string): Promise<CachedImage[]> {
  return (await listImageFolders(cacheDirectory)).flatMap(({ image }) => image ?? []);
}
