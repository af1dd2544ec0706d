import { readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";

export const projectFolder = join(import.meta.dirname, "../..");

/** All TypeScript files below src/, as paths from there with forward slashes. */
export function sourceFiles(): Promise<string[]> {
  return filesBelow(join(projectFolder, "src"), ".ts");
}

/** All files below the folder with that ending, as sorted paths from there with forward slashes. */
export async function filesBelow(folder: string, ending: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, "/"))
    .sort();
}
