import { parseKernelChoice, selectKernel } from "../../offers/kernel-choice.ts";
import type { BootRecipe } from "../../recipes/recipe.ts";
import type { ImageChoice, ImageReport } from "../image-design.ts";
import { openWithUpdates } from "../open-with-updates.ts";
import type { PackageSource } from "../package-source.ts";
import type { BootImageWish } from "./boot-image.ts";

/** The kernel is from whatever suite has it, the tools are from the recipe's. */
export async function chooseBootPackages(
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
