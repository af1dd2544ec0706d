import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";

const suitesSchema = z.array(z.string().regex(/^[a-z0-9][a-z0-9.+-]*$/)).min(1);

/**
 * Reads templates/suites.json: Debian's suites that kernels and engines are looked for in. Of two
 * that offer the same, the one that comes first is preferred.
 */
export async function readSuites(templates: string): Promise<readonly string[]> {
  return suitesSchema.parse(JSON.parse(await readFile(join(templates, "suites.json"), "utf8")));
}
