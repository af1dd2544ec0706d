import { readdir } from "node:fs/promises";
import { isSystemError } from "../../errors/system-error.ts";

/** Names of what is in the folder, sorted; none when there is no such folder. */
export function namesIn(directory: string): Promise<string[]> {
  return namesUnless(directory, "ENOENT", "ENOTDIR");
}

/** The same of a folder that others keep: none also when this user may not look into it. */
export function readableNamesIn(directory: string): Promise<string[]> {
  return namesUnless(directory, "ENOENT", "ENOTDIR", "EACCES");
}

async function namesUnless(directory: string, ...codes: readonly string[]): Promise<string[]> {
  try {
    return (await readdir(directory)).sort();
  } catch (error) {
    if (isSystemError(error, ...codes)) return [];
    throw error;
  }
}
