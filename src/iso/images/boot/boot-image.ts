import { join } from "node:path";
import type { Architecture } from "../../../host/architecture.ts";
import { parseKernelChoice, selectKernel } from "../../offers/kernel-choice.ts";
import { type BootRecipe, bootRecipeSchema, digestOf, readRecipe } from "../../recipes/recipe.ts";
import { describeTree, readTemplateFolder } from "../../recipes/template-folder.ts";
import type { ImageChoice, ImageDesign, ImageReport } from "../image-design.ts";
import type { KernelWish } from "../kernel/kernel-wish.ts";
import { openWithUpdates } from "../open-with-updates.ts";
import type { PackageSource } from "../package-source.ts";

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
  const [recipe, overlay] = await Promise.all([
    readRecipe(templates, "boot", bootRecipeSchema),
    readTemplateFolder(join(templates, "guest", "initramfs")),
  ]);
  return {
    ...{ kind: "boot", architecture, wish: kernel },
    templates: digestOf(revision, recipe, describeTree(overlay)),
    choose: (source, report) => choose(recipe, { architecture, kernel }, { source, report }),
    build: async (ingredients) => {
      const { writeBootImage } = await import("./write-boot-image.ts");
      return writeBootImage({ recipe, overlay }, ingredients);
    },
  };
}

/** The kernel is from whatever suite has it, the tools are from the recipe's. */
async function choose(
  recipe: BootRecipe,
  { architecture, kernel }: BootImageWish,
  { source, report }: { source: PackageSource; report: ImageReport },
): Promise<ImageChoice> {
  const { kernel: standardKernels, packages: tools } = recipe.architectures[architecture];
  const { without } = recipe;
  const wanted = { suite: recipe.suite, architecture };
  const own = await openWithUpdates(wanted, { source, report });
  switch (kernel.kind) {
    case "default": {
      const standardKernel = standardKernels[kernel.flavour ?? "cloud"];
      const packages = own.resolve({ wanted: [standardKernel, ...tools], without });
      return { releases: own.releases, packages: [...packages], inputs: [] };
    }
    case "choice": {
      const offers = await source.listOffers(architecture, report);
      const offer = selectKernel(offers, parseKernelChoice(kernel.text));
      const other = await source.openArchive(offer.suite, architecture, report);
      const isOwn = own.releases.some(({ suite }) => suite === other.release.suite);
      return {
        releases: isOwn ? own.releases : [...own.releases, other.release],
        packages: [
          ...own.resolve({ wanted: tools, without }),
          ...other
            .resolve({ wanted: offer.packages, without: [...without, ...offer.without] })
            .map((wanted) => (isOwn ? wanted : { ...wanted, suite: other.release.suite })),
        ],
        inputs: [],
      };
    }
    case "files":
    case "packages":
      return {
        releases: own.releases,
        packages: [...own.resolve({ wanted: tools, without })],
        inputs: [...kernel.inputs],
      };
  }
}
