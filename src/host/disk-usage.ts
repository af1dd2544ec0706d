import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { isSystemError } from "../errors/system-error.ts";

/**
 * Bytes that deleting the file or folder frees: holes of sparse files take no room. What
 * disappears meanwhile counts as nothing; symbolic links are not followed.
 */
export async function diskUsageOf(path: string): Promise<number> {
  try {
    const status = await lstat(path);
    if (!status.isDirectory()) return Math.min(status.size, status.blocks * 512);
    const sizes = (await readdir(path)).map((name) => diskUsageOf(join(path, name)));
    return (await Promise.all(sizes)).reduce((total, size) => total + size, 0);
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR")) return 0;
    throw error;
  }
}
