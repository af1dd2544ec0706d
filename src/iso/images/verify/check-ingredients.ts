import { stat } from "node:fs/promises";
import { relative } from "node:path";
import { isSystemError } from "../../../errors/system-error.ts";
import { isWhole } from "../../debian/content-cache.ts";
import { packagePath } from "../../debian/fetch-packages.ts";
import { inputPath } from "../cache/inputs.ts";
import type { ImageLock } from "../image-lock.ts";
import type { ImageProblem } from "./find-problems.ts";

/** What the cache has of the packages and files that a lock names. */
export interface CheckedIngredients {
  /** How many the lock names. */
  readonly locked: number;
  /** How many of them the cache has; their bytes were hashed. */
  readonly cached: number;
  readonly problems: readonly ImageProblem[];
}

/** Hashes them against the lock. One that the cache does not have is no problem: it can be fetched. */
export async function checkIngredients(
  { packages, inputs }: ImageLock,
  { cacheDirectory, signal }: { readonly cacheDirectory: string; readonly signal: AbortSignal },
): Promise<CheckedIngredients> {
  const ingredients = [
    ...packages.map((one) => ({
      ...{ ...one, path: packagePath(cacheDirectory, one), title: `${one.name} ${one.version}` },
    })),
    ...inputs.map((one) => ({
      ...{ ...one, path: inputPath(cacheDirectory, one), title: one.name },
    })),
  ];
  let cached = 0;
  const problems: ImageProblem[] = [];
  for (const { path, title, size, sha256 } of ingredients) {
    if (!(await isThere(path))) continue;
    if (await isWhole(path, { size, sha256, signal })) cached += 1;
    else {
      const file = relative(cacheDirectory, path);
      problems.push({ file, problem: `is not the ${title} of the lock` });
    }
  }
  return { locked: ingredients.length, cached, problems };
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR")) return false;
    throw error;
  }
}
