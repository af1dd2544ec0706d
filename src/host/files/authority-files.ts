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

/** Paths of the files in these folders and those below, sorted; none of a folder that is not there for this user. */
export async function authorityFilesIn(folders: readonly AuthorityFolder[]): Promise<string[]> {
  const found = await Promise.all(
    folders.map(async ({ path, ending = "" }) => {
      const names = await namesBelow(path);
      return names.filter((name) => name.endsWith(ending)).map((name) => join(path, name));
    }),
  );
  return found.flat();
}

async function namesBelow(path: string): Promise<string[]> {
  try {
    return (await readdir(path, { recursive: true })).sort();
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR", "EACCES")) return [];
    throw error;
  }
}
