import { join } from "node:path";
import type { Architecture } from "../../../host/architecture.ts";
import { updatedSuiteOf } from "../../debian/mirrors/archive-uri.ts";
import { selectEngine } from "../../offers/engine-choice.ts";
import {
  digestOf,
  type EngineRecipe,
  engineRecipeSchema,
  readRecipe,
} from "../../recipes/recipe.ts";
import { describeTree, readTemplateFolder } from "../../recipes/template-folder.ts";
import type { ImageChoice, ImageDesign, ImageReport } from "../image-design.ts";
import { openWithUpdates } from "../open-with-updates.ts";
import type { PackageSource } from "../package-source.ts";
import type { EngineWish } from "./engine-wish.ts";
import { obtainablePackages } from "./optional-packages.ts";

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
  const [recipe, overlay] = await Promise.all([
    readRecipe(templates, "engine", engineRecipeSchema),
    readTemplateFolder(join(templates, "guest", "root")),
  ]);
  return {
    ...{ kind: "engine", architecture, wish: engine },
    templates: digestOf(revision, recipe, describeTree(overlay)),
    choose: (source, report) => choose(recipe, { architecture, engine }, { source, report }),
    build: async (ingredients) => {
      const { writeEngineImage } = await import("./write-engine-image.ts");
      return writeEngineImage({ recipe, overlay }, ingredients);
    },
  };
}

/** An engine of Debian's is on the userland of its own suite, one from an archive on the recipe's. */
async function choose(
  recipe: EngineRecipe,
  { architecture, engine }: EngineImageWish,
  { source, report }: { source: PackageSource; report: ImageReport },
): Promise<ImageChoice> {
  const offer =
    engine.kind === "choice"
      ? selectEngine(await source.listOffers(architecture, report), engine.text)
      : undefined;
  // A security suite has no userland: it is part of the suite that it updates.
  const suite = updatedSuiteOf(offer?.suite ?? recipe.suite);
  const archive = await openWithUpdates({ suite, architecture }, { source, report });
  const isArchive = engine.kind === "archive";
  const packages = isArchive
    ? recipe.archive.packages
    : recipe.engine.packages.map((name) =>
        name === recipe.engine.package && offer !== undefined
          ? `${name} (= ${offer.packageVersion})`
          : name,
      );
  const { without } = recipe;
  const optional = await obtainablePackages(recipe.optional, archive, { source, report });
  const wanted = [...packages, ...recipe.packages, ...optional];
  const chosen = archive.resolve({ wanted, without });
  const inputs = isArchive ? [engine.input] : [];
  return { releases: archive.releases, packages: [...chosen], inputs };
}
