import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { createAllowance } from "../../../iso/unpack/allowance.ts";
import { archiveChunks, sizeOfArchive } from "../../../iso/unpack/archive-chunks.ts";
import { watchSource } from "../../../iso/unpack/watched-source.ts";
import type { Step } from "../../progress.ts";
import { invalidArchive } from "./invalid-archive.ts";
import { type MemberReader, memberReader } from "./member-reader.ts";
import { type ArchiveBeginning, readBeginning } from "./read-beginning.ts";
import { writeDisk } from "./write-disk.ts";

export interface ReadOptions {
  readonly path: string;
  readonly report: Pick<Step, "bytes">;
  readonly signal: AbortSignal;
}

export interface OpenArchive extends ArchiveBeginning {
  /**
   * Writes the disk to a path that is free, with mode 0600; on return it is on this host's disk, and the whole archive,
   * what came before included, has the hashes that it says. To be called once.
   * @throws TsmachineError IMPORT_INVALID; the system's errors
   */
  writeDisk(path: string): Promise<void>;
}

/** Two parts of the disk may be read ahead, and a tar header may claim some MiB of its own. */
const slackBytes = 16 << 20;

/**
 * Reads the archive from its beginning to its end, while `take` makes something of it. Holds a few parts of the disk
 * in memory.
 * @throws TsmachineError IMPORT_INVALID, FILE_UNREADABLE; whatever `take` throws; the signal's reason when aborted.
 */
export async function readArchive<T>(
  { path, report, signal }: ReadOptions,
  take: (archive: OpenArchive) => Promise<T>,
): Promise<T> {
  const source = watchSource(archiveChunks({ path, size: await sizeOfArchive(path) }, report));
  const { extract } = await import("tar-stream");
  const members = extract();
  const { add: allow, bounded } = createAllowance(slackBytes, () =>
    invalidArchive(path, "it has bytes that belong to nothing in it"),
  );
  const reader = memberReader(members, { path, allow });
  const [taking, feeding] = await Promise.allSettled([
    takeFrom(reader, { path, signal, take }).catch((error: unknown) => {
      members.destroy();
      throw error;
    }),
    pipeline(source.chunks, createGunzip(), bounded, members, { signal }),
  ]);
  signal.throwIfAborted();
  if (taking.status === "fulfilled" && feeding.status === "fulfilled") return taking.value;
  // Whoever has taken failed for reasons of its own.
  if (taking.status === "rejected" && !reader.isFailure(taking.reason)) throw taking.reason;
  const cause: unknown = feeding.status === "rejected" ? feeding.reason : undefined;
  if (source.isFailure(cause) || cause instanceof TsmachineError) throw cause;
  throw invalidArchive(
    path,
    "it is no gzip file with a tar archive, is damaged or cut short",
    cause,
  );
}

interface Taking<T> {
  readonly path: string;
  readonly signal: AbortSignal;
  readonly take: (archive: OpenArchive) => Promise<T>;
}

async function takeFrom<T>(reader: MemberReader, { path, signal, take }: Taking<T>): Promise<T> {
  const { next, ...beginning } = await readBeginning(reader, path);
  const { diskBytes } = beginning.header;
  return take({
    ...beginning,
    writeDisk: (to) => writeDisk(reader, { path, first: next, diskBytes, to, signal }),
  });
}
