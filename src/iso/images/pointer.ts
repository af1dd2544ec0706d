import { join } from "node:path";
import { z } from "zod";
import { readTextIfPresent, writeFileAtomic } from "../../host/files.ts";
import { digestOf } from "../recipes/recipe.ts";
import type { ImageDesign } from "./image-design.ts";
import { imagesDirectory } from "./image-files.ts";

/** Where the cache says which image was last made from this design. */
export function pointerPath(
  { kind, architecture, templates, wish }: ImageDesign,
  cacheDirectory: string,
): string {
  const name = `${kind}-${architecture}-${digestOf(templates, wish).slice(0, 16)}.json`;
  return join(imagesDirectory(cacheDirectory), name);
}

const pointerSchema = z.object({ key: z.string() });

/** The key of the image; undefined when there is no pointer, or a damaged one. */
export async function readPointer(path: string): Promise<string | undefined> {
  const text = await readTextIfPresent(path);
  return pointerSchema.safeParse(parseJson(text ?? "")).data?.key;
}

export function writePointer(path: string, key: string): Promise<void> {
  return writeFileAtomic(path, `${JSON.stringify({ key })}\n`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
