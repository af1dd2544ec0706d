// Which image was last made from a design: beside the images, a pointer with the image's key.

import { join } from "node:path";
import * as z from "zod";
import { parseJson } from "../../../bytes/parse-json.ts";
import { readTextNow, writeFileAtomic } from "../../../host/files/files.ts";
import { namesIn } from "../../../host/files/names-in.ts";
import { digestOf } from "../../recipes/recipe.ts";
import type { ImageDesign } from "../image-design.ts";
import { type CachedImage, findImage } from "./image-cache.ts";
import { imagesDirectory } from "./image-files.ts";

const pointerSchema = z.object({
  key: z.string(),
  /** Of the design; pointers of tsmachine 0.1 lack it. */
  templates: z.string().optional(),
});

/** The image that was last made from this design; undefined also when its pointer is damaged. */
export async function findCurrentImage(
  design: ImageDesign,
  cacheDirectory: string,
): Promise<CachedImage | undefined> {
  const pointer = await readPointer(pointerPath(design, cacheDirectory));
  return pointer && findImage(cacheDirectory, design.kind, pointer.key);
}

/** From now on this image is the one that the design has in the cache. */
export async function setCurrentImage(
  design: ImageDesign,
  { manifest }: CachedImage,
  cacheDirectory: string,
): Promise<void> {
  const pointer = { key: manifest.key, templates: design.templates };
  await writeFileAtomic(pointerPath(design, cacheDirectory), `${JSON.stringify(pointer)}\n`);
}

/** Keys of the images that were last made from designs with these templates, whatever the wish. */
export async function currentKeys(
  templates: string,
  cacheDirectory: string,
): Promise<ReadonlySet<string>> {
  const directory = imagesDirectory(cacheDirectory);
  const names = (await namesIn(directory)).filter((name) => name.endsWith(".json"));
  const pointers = await Promise.all(names.map((name) => readPointer(join(directory, name))));
  return new Set(
    pointers.flatMap((pointer) => (pointer?.templates === templates ? [pointer.key] : [])),
  );
}

/** What such a file says; undefined when there is none, or a damaged one. */
export async function readPointer(
  path: string,
): Promise<z.infer<typeof pointerSchema> | undefined> {
  const text = readTextNow(path);
  return pointerSchema.safeParse(parseJson(text ?? "")).data;
}

function pointerPath(design: ImageDesign, cacheDirectory: string): string {
  const { kind, architecture, templates, wish } = design;
  const name = `${kind}-${architecture}-${digestOf(templates, wish).slice(0, 16)}.json`;
  return join(imagesDirectory(cacheDirectory), name);
}
