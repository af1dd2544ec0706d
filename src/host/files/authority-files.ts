import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { isSystemError } from "../../errors/system-error.ts";

/** A folder where administrators put the authorities that they add to a system's. */
export interface AuthorityFolder {
  readonly path: string;
  /** How the names of those end that the system takes; all of them when absent. */
  readonly ending?: string;
}

/** Of Linux distributions; other systems keep theirs where only their own programs get them from. */
export const authorityFolders: readonly AuthorityFolder[] = [
  // Debian, Ubuntu, Alpine: update-ca-certificates(8)
  { path: "/usr/local/share/ca-certificates", ending: ".crt" },
  // Fedora, Red Hat: update-ca-trust(8)
  { path: "/etc/pki/ca-trust/source/anchors" },
  // Arch
  { path: "/etc/ca-certificates/trust-source/anchors" },
  // SUSE: update-ca-certificates(8)
  { path: "/etc/pki/trust/anchors" },
];

/**
 * Paths of the files in these folders and those below, sorted; none of a folder that is not there for this user. A
 * folder below that this user may not read is among them: who reads it is told why it cannot be.
 */
export async function authorityFilesIn(folders: readonly AuthorityFolder[]): Promise<string[]> {
  const found = await Promise.all(
    folders.map(async (folder) => ((await filesBelow(folder)) ?? []).sort()),
  );
  return found.flat();
}

/** By hand: readdir gives up all of a tree where one folder of it cannot be read. Undefined for such a folder. */
async function filesBelow({ path, ending = "" }: AuthorityFolder): Promise<string[] | undefined> {
  const entries = await entriesOf(path);
  if (entries === undefined) return undefined;
  const found = await Promise.all(
    entries.map(async (entry) => {
      const below = join(path, entry.name);
      if (entry.isDirectory()) return (await filesBelow({ path: below, ending })) ?? [below];
      return entry.name.endsWith(ending) ? [below] : [];
    }),
  );
  return found.flat();
}

/** None of what is no folder, or no more; undefined when this user may not read it. */
async function entriesOf(path: string): Promise<readonly Dirent[] | undefined> {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR")) return [];
    if (isSystemError(error, "EACCES", "EPERM")) return undefined;
    throw error;
  }
}
