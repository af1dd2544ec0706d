import { join } from "node:path";
import { namesIn } from "../../host/files/names-in.ts";
import { readPointer } from "../images/cache/current-image.ts";
import { imagesDirectory } from "../images/cache/image-files.ts";
import { imageKindSchema } from "../images/image-lock.ts";
import { type Garbage, garbageAt } from "./garbage.ts";

const kinds = imageKindSchema.options.join("|");
const imageName = new RegExp(`^(?:${kinds})-([0-9a-f]{16})$`);
const pointerName = new RegExp(`^(?:${kinds})-[a-z0-9]+-[0-9a-f]{16}\\.json$`);

/**
 * Images with none of these keys, and pointers to none of them. Images go by the names of their
 * folders, so that those without a manifest are found too.
 */
export async function findUnneededImages(
  cacheDirectory: string,
  keys: ReadonlySet<string>,
): Promise<readonly Garbage[]> {
  const directory = imagesDirectory(cacheDirectory);
  const garbage: Garbage[] = [];
  for (const name of await namesIn(directory)) {
    const path = join(directory, name);
    const key = imageName.exec(name)?.[1];
    if (key !== undefined && !keys.has(key)) garbage.push(await garbageAt("images", path));
    if (pointerName.test(name) && !keys.has((await readPointer(path))?.key ?? "")) {
      garbage.push(await garbageAt("pointers", path));
    }
  }
  return garbage;
}
