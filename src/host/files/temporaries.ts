import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { identifyProcess } from "../processes/process-identity.ts";
import { temporaryOwner, unlessMissing } from "./files.ts";

/** Whoever writes a temporary file goes on within that time; a longer rest is another process' number. */
const longestRestMs = 60 * 60 * 1000;

/**
 * Temporary files and folders below the folder that processes which are gone have left, none inside
 * another. Symbolic links are not followed.
 * @param depth of folders to look into: 1 is the folder alone
 */
export async function findLeftTemporaries(
  directory: string,
  { depth, now }: { readonly depth: number; readonly now: Date },
): Promise<readonly string[]> {
  if (depth === 0) return [];
  const found: string[] = [];
  for (const entry of (await unlessMissing(readdir(directory, { withFileTypes: true }))) ?? []) {
    const path = join(directory, entry.name);
    const owner = temporaryOwner(entry.name);
    if (owner !== undefined) {
      if (!(await isInWork(path, owner, now))) found.push(path);
    } else if (entry.isDirectory()) {
      found.push(...(await findLeftTemporaries(path, { depth: depth - 1, now })));
    }
  }
  return found;
}

async function isInWork(path: string, owner: number, now: Date): Promise<boolean> {
  if ((await identifyProcess(owner)) === undefined) return false;
  const status = await unlessMissing(lstat(path));
  return status !== undefined && now.getTime() - status.mtimeMs < longestRestMs;
}
