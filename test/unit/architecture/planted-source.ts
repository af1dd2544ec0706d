import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, posix, sep } from "node:path";
import { execa } from "execa";
import * as z from "zod";
import { projectFolder } from "../../support/project-files.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

/** How a file names another in an import; both are paths below src/. */
export function specifierFor(importer: string, imported: string): string {
  const path = posix.relative(posix.dirname(importer), imported);
  return path.startsWith(".") ? path : `./${path}`;
}

const reportSchema = z.object({
  diagnostics: z.array(
    z.looseObject({ category: z.string(), location: z.looseObject({ path: z.string() }) }),
  ),
});

/**
 * The files, of those given by path below src/ and text, that the project's rules for imports and
 * globals refuse.
 */
export async function refusedFiles(files: ReadonlyMap<string, string>): Promise<string[]> {
  const folder = await temporaryDirectory();
  for (const name of ["biome.json", ".gitignore"]) {
    await copyFile(join(projectFolder, name), join(folder, name));
  }
  for (const [path, text] of files) {
    const place = join(folder, "src", path);
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, text);
  }
  const biome = createRequire(import.meta.url).resolve("@biomejs/biome/bin/biome");
  const { stdout } = await execa(
    process.execPath,
    [biome, "lint", "src", "--reporter=json", "--max-diagnostics=none"],
    { cwd: folder, reject: false, timeout: 60_000 },
  );
  const { diagnostics } = reportSchema.parse(JSON.parse(stdout));
  const refused = diagnostics
    .filter(({ category }) => /^lint\/style\/noRestricted(Imports|Globals)$/.test(category))
    .map(({ location }) => location.path.replaceAll(sep, "/").replace(/^.*?src\//, ""));
  return [...new Set(refused)].sort();
}
