import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { isSystemError } from "../../errors/system-error.ts";

/** Some file systems say only later how many blocks a new file has. Disks of machines are larger. */
const smallestSparseBytes = 16 << 20;

/**
 * Bytes that deleting the file or folder frees: holes in large files take no room. What
 * disappears meanwhile counts as nothing; symbolic links are not followed.
 */
export async function diskUsageOf(path: string): Promise<number> {
  try {
    const status = await lstat(path);
    if (status.isDirectory()) {
      const sizes = (await readdir(path)).map((name) => diskUsageOf(join(path, name)));
      return (await Promise.all(sizes)).reduce((total, size) => total + size, 0);
    }
    if (!status.isFile()) return 0;
    const { size, blocks } = status;
    return size < smallestSparseBytes ? size : Math.min(size, blocks * 512);
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR")) return 0;
    throw error;
  }
}
