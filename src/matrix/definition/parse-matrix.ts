import { basename, dirname, resolve } from "node:path";
import { checkDefinition } from "./schema/check-definition.ts";
import { readYaml } from "./source/read-yaml.ts";
import { type DefinedMatrix, spellOut } from "./spell-out.ts";

/**
 * The matrix that a definition, YAML or JSON, describes; docs/matrix.md has every key. Relative paths
 * are resolved against the folder of the definition; whether their files are there is not looked at, see
 * checkFiles.
 * @param path the definition's, as messages call it: "matrix.yaml:3:5: unknown key …"
 * @throws TsmachineError INVALID_INPUT with line and column
 */
export async function parseMatrix(
  text: string,
  { path }: { readonly path: string },
): Promise<DefinedMatrix> {
  const source = await readYaml(text, path);
  const name = basename(path).replace(/\.(ya?ml|json)$/, "");
  return spellOut(checkDefinition(source), name, { source, directory: resolve(dirname(path)) });
}
