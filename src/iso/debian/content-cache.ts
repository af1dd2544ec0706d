import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { chunksOf } from "../../bytes/content.ts";
import { isSystemError } from "../../errors/system-error.ts";
import { makePrivateDirectory } from "../../host/files/files.ts";

export interface CachedContent {
  readonly directory: string;
  /** Name of the file in that folder: its hash and an ending. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  readonly signal: AbortSignal;
}

/**
 * The path of a file with exactly that content. It is hashed each time, because a disk or
 * another program may have changed it; when it is missing or wrong, `obtain` puts it in place.
 */
export async function cachedFile(
  content: CachedContent,
  obtain: (path: string) => Promise<void>,
): Promise<string> {
  const path = join(content.directory, content.name);
  if (await isWhole(path, content)) return path;
  await makePrivateDirectory(content.directory);
  await obtain(path);
  return path;
}

/** Whether the file at that path has exactly that content. */
export async function isWhole(
  path: string,
  { size, sha256, signal }: Pick<CachedContent, "size" | "sha256" | "signal">,
): Promise<boolean> {
  try {
    if ((await stat(path)).size !== size) return false;
    const hash = createHash("sha256");
    for await (const chunk of chunksOf({ kind: "slice", path, offset: 0, size })) {
      signal.throwIfAborted();
      hash.update(chunk);
    }
    return hash.digest("hex") === sha256;
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR", "EIO")) return false;
    throw error;
  }
}
