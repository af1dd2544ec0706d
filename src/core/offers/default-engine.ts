import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { Architecture } from "../../host/architecture.ts";
import { updatedSuiteOf } from "../../iso/debian/mirrors/archive-uri.ts";
import { engineRecipeSchema, readRecipe } from "../../iso/recipes/recipe.ts";
import type { Context } from "../context.ts";
import { listOffers } from "./list-offers.ts";

/**
 * The series of the engine that new machines get when nothing else is asked for: "26.1".
 * @throws TsmachineError ENGINE_UNKNOWN when its suite cannot be looked at; those of listOffers
 */
export async function defaultEngineSeries(
  context: Context,
  architecture: Architecture,
): Promise<string> {
  const { suite } = readRecipe(context.templates, "engine", engineRecipeSchema);
  const { engines } = await listOffers(context, architecture);
  const found = engines.find((offer) => updatedSuiteOf(offer.suite) === suite);
  if (found !== undefined) return found.series;
  throw new TsmachineError(
    "ENGINE_UNKNOWN",
    `suite ${suite}, whose engine is the default, has none`,
    {
      hints: ["name an engine of those that `tsmachine engine ls` lists"],
      context: { suite },
    },
  );
}
