import { join } from "node:path";
import type { Architecture } from "../../../host/architecture.ts";
import { digestOf, engineRecipeSchema, readRecipe } from "../../recipes/recipe.ts";
import { describeTree, readTemplateFolder } from "../../recipes/template-folder.ts";
import type { ImageDesign } from "../image-design.ts";
import type { EngineWish } from "./engine-wish.ts";

/** Raised when the code that makes the image changes what it makes. */
const revision = 2;

export interface EngineImageWish {
  readonly architecture: Architecture;
  readonly engine: EngineWish;
}

/**
 * The engine image: the machine's root file system with dockerd, containerd, runc and what they
 * need, as ISO 9660 with Rock Ridge, which every hypervisor can attach read-only.
 * @param templates the folder templates/
 */
export async function engineImageDesign(
  templates: string,
  { architecture, engine }: EngineImageWish,
): Promise<ImageDesign> {
  const recipe = readRecipe(templates, "engine", engineRecipeSchema);
  const overlay = readTemplateFolder(join(templates, "guest", "root"));
  return {
    ...{ kind: "engine", architecture, wish: engine },
    templates: digestOf(revision, recipe, describeTree(overlay)),
    choose: async (source, report) => {
      const { chooseEnginePackages } = await import("./choose-engine-packages.ts");
      return chooseEnginePackages(recipe, { architecture, engine }, { source, report });
    },
    build: async (ingredients) => {
      const { writeEngineImage } = await import("./write-engine-image.ts");
      return writeEngineImage({ recipe, overlay }, ingredients);
    },
  };
}
