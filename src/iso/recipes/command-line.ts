import { bootRecipeSchema, readRecipe } from "./recipe.ts";

/**
 * The kernel's command line, which goes for direct boot as for the ISO.
 * @param templates the folder templates/
 */
export async function bootCommandLine(templates: string): Promise<string> {
  return (await readRecipe(templates, "boot", bootRecipeSchema)).commandLine;
}
