import { readdir } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { isSystemError } from "../../../src/errors/system-error.ts";
import type { TestStore } from "./tsmachine.ts";
import { processesIn } from "./tsmachine-processes.ts";

/** What a store holds of machines that are, were or are being made. */
export interface Leftovers {
  /** Names of everything in the store's folders machines, partial and locks. */
  readonly files: readonly string[];
  readonly processCount: number;
}

export const nothingLeft: Leftovers = { files: [], processCount: 0 };

export async function leftoversIn({ path }: TestStore): Promise<Leftovers> {
  const folders = ["machines", "locks", "partial", "partial/machines"];
  const found = await Promise.all(folders.map((folder) => namesIn(path, folder)));
  return {
    files: found.flat().filter((name) => name !== "partial/machines"),
    processCount: (await processesIn(path)).length,
  };
}

async function namesIn(root: string, folder: string): Promise<string[]> {
  try {
    return (await readdir(join(root, folder))).map((name) => `${folder}/${name}`).sort();
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return [];
    throw error;
  }
}

/**
 * Besides those of the authority and the cache, those of an agent: one that was started right before its
 * machine was stopped looks, sees it and ends, while a test goes on.
 */
const passing =
  /^(bin|store\/cache|store\/certs)\/|^store\/machines\/[^/]+\/agent\.(lock|json)(\.[^/]+)?$/;

/** Files that a store and its user's home have, without those that come and go. */
export async function filesBeside({ path }: TestStore): Promise<string[]> {
  const root = dirname(path);
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((name) => !passing.test(name))
    .sort();
}
