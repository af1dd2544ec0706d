import { join } from "node:path";
import type { Architecture } from "../../../host/architecture.ts";
import { bootRecipeSchema, digestOf, readRecipe } from "../../recipes/recipe.ts";
import { describeTree, readTemplateFolder } from "../../recipes/template-folder.ts";
import type { ImageDesign } from "../image-design.ts";
import type { KernelWish } from "../kernel/kernel-wish.ts";

/** Raised when the code that makes the image changes what it makes. */
const revision = 4;

export interface BootImageWish {
  readonly architecture: Architecture;
  readonly kernel: KernelWish;
}

/**
 * The boot image: a kernel with the modules that the machine needs, and its first process.
 * @param templates the folder templates/
 */
export async function bootImageDesign(
  templates: string,
  { architecture, kernel }: BootImageWish,
): Promise<ImageDesign> {
  const recipe = readRecipe(templates, "boot", bootRecipeSchema);
  const overlay = readTemplateFolder(join(templates, "guest", "initramfs"));
  return {
    ...{ kind: "boot", architecture, wish: kernel },
    templates: digestOf(revision, recipe, describeTree(overlay)),
    choose: async (source, report) => {
      const { chooseBootPackages } = await import("./choose-boot-packages.ts");
      return chooseBootPackages(recipe, { architecture, kernel }, { source, report });
    },
    build: async (ingredients) => {
      const { writeBootImage } = await import("./write-boot-image.ts");
      return writeBootImage({ recipe, overlay }, ingredients);
    },
  };
}
