import { stat } from "node:fs/promises";
import { chunksOf } from "../../bytes/content.ts";
import { isSystemError } from "../../errors/system-error.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";

/** Told of how far an archive was read; bytes. */
export interface ArchiveReport {
  bytes(progress: { readonly received: number; readonly total: number }): void;
}

/**
 * An archive that the user has named, in chunks of at most 1 MiB.
 * @param file its `size` is in bytes, as sizeOfArchive gives it
 * @throws Error when it has become shorter
 */
export async function* archiveChunks(
  { path, size }: { readonly path: string; readonly size: number },
  report: ArchiveReport,
): AsyncGenerator<Uint8Array> {
  let received = 0;
  for await (const chunk of chunksOf({ kind: "slice", path, offset: 0, size })) {
    yield chunk;
    received += chunk.length;
    report.bytes({ received, total: size });
  }
}

/** Bytes. @throws TsmachineError FILE_UNREADABLE where there is no file that may be read */
export async function sizeOfArchive(path: string): Promise<number> {
  try {
    const status = await stat(path);
    if (status.isFile()) return status.size;
  } catch (error) {
    if (!isSystemError(error, "ENOENT", "ENOTDIR", "EACCES")) throw error;
  }
  throw new TsmachineError("FILE_UNREADABLE", `there is no readable file ${path}`, {
    hints: [`check the path ${path} and its permissions`],
  });
}
