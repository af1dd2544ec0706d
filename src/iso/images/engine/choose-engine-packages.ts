import { updatedSuiteOf } from "../../debian/mirrors/archive-uri.ts";
import { selectEngine } from "../../offers/engine-choice.ts";
import type { EngineRecipe } from "../../recipes/recipe.ts";
import type { ImageChoice, ImageReport } from "../image-design.ts";
import { openWithUpdates } from "../open-with-updates.ts";
import type { PackageSource } from "../package-source.ts";
import type { EngineImageWish } from "./engine-image.ts";
import { obtainablePackages } from "./optional-packages.ts";

/** An engine of Debian's is on the userland of its own suite, one from an archive on the recipe's. */
export async function chooseEnginePackages(
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
