import { join } from "node:path";
import { writeIso } from "../../../bytes/iso9660/write-iso.ts";
import { engineImageName } from "../cache/image-files.ts";
import type { BuiltImage, Ingredients } from "../image-design.ts";
import { timeOf } from "../image-lock.ts";
import { type RootTreeParts, rootTree } from "./root-tree.ts";

/** Writes the root file system as ISO 9660 into the folder of the ingredients. */
export async function writeEngineImage(
  parts: RootTreeParts,
  ingredients: Ingredients,
): Promise<BuiltImage> {
  const { lock, folder, report, signal } = ingredients;
  const { tree, version } = await rootTree(parts, ingredients);
  report.detail("writing the engine image");
  await writeIso({
    ...{ tree, volumeId: "TSM_ENGINE", time: timeOf(lock), signal },
    path: join(folder, engineImageName),
  });
  return { files: [engineImageName], version };
}
