import type { Architecture } from "../../host/architecture.ts";
import { bootRecipeSchema, readRecipe } from "./recipe.ts";

/**
 * The kernel's command line, which goes for direct boot as for the ISO.
 * @param templates the folder templates/
 */
export async function bootCommandLine(
  templates: string,
  architecture: Architecture,
): Promise<string> {
  const recipe = readRecipe(templates, "boot", bootRecipeSchema);
  return recipe.architectures[architecture].commandLine;
}
