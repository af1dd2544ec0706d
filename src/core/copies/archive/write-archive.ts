import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { open, rm } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type { Pack } from "tar-stream";
import { isSystemError } from "../../../errors/system-error.ts";
import { moveIntoPlace, removeFile, temporaryPathFor } from "../../../host/files/files.ts";
import { moveIntoFreePlace } from "../../../host/files/place-for-file.ts";
import { findLeftTemporaries } from "../../../host/files/temporaries.ts";
import type { MachineFiles } from "../../../store/machine-files.ts";
import type { MachineRecord } from "../../../store/record.ts";
import type { Step } from "../../progress.ts";
import {
  type ArchiveHeader,
  type CarriedFile,
  carriedFileKeys,
  carriedFiles,
  headerName,
  partBytes,
  partName,
  partSize,
  recordName,
  sumLine,
  sumsName,
} from "./archive-format.ts";

export interface NewArchive {
  readonly record: MachineRecord;
  readonly files: Pick<MachineFiles, CarriedFile>;
  /** Path of the data disk, which nobody changes meanwhile. */
  readonly disk: string;
}

export interface WriteOptions {
  readonly path: string;
  /** Whether a file that is at that path stays, which is an error, or is replaced. */
  readonly existing: "kept" | "replaced";
  readonly now: Date;
  readonly report: Pick<Step, "bytes">;
  readonly signal: AbortSignal;
}

/** Most of a disk is packed already; more effort takes several times as long for a few per cent. */
const gzipLevel = 1;

/**
 * Writes the archive, whole or not at all, with mode 0600: it has the machine's private keys. Holds a few parts of the
 * disk in memory, and 90 bytes of each for the sums. What killed ones have left of an archive of that name is removed
 * first: it has those keys, too.
 * @throws TsmachineError FILE_EXISTS; the system's error; the signal's reason when aborted.
 */
export async function writeArchive(
  archive: NewArchive,
  { path, existing, now, report, signal }: WriteOptions,
): Promise<void> {
  await removeLeftTemporaries(path, now);
  const { pack } = await import("tar-stream");
  const temporary = temporaryPathFor(path);
  try {
    const tar = pack();
    const file = createWriteStream(temporary, { flags: "wx", mode: 0o600, flush: true });
    // Whichever fails ends the other one; the first to fail knows why.
    await Promise.all([
      pipeline(tar, createGzip({ level: gzipLevel }), file, { signal }),
      fill(tar, archive, { report, signal }).catch((error: unknown) => {
        tar.destroy(error instanceof Error ? error : undefined);
        throw error;
      }),
    ]);
    await (existing === "kept" ? moveIntoFreePlace : moveIntoPlace)(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    signal.throwIfAborted();
    throw error;
  }
}

async function removeLeftTemporaries(path: string, now: Date): Promise<void> {
  const left = await findLeftTemporaries(dirname(path), { depth: 1, now });
  for (const one of left.filter((one) => basename(one).startsWith(`${basename(path)}.`))) {
    try {
      await removeFile(one);
    } catch (error) {
      // Another user's, or a folder: none of ours.
      if (!isSystemError(error, "EACCES", "EPERM", "EISDIR")) throw error;
    }
  }
}

async function fill(
  tar: Pack,
  { record, files, disk }: NewArchive,
  { report, signal }: Pick<WriteOptions, "report" | "signal">,
): Promise<void> {
  const mtime = new Date(record.createdAt);
  const sums: string[] = [];
  const add = async (name: string, bytes: Uint8Array) => {
    sums.push(sumLine(createHash("sha256").update(bytes).digest("hex"), name));
    await addMember(tar, { name, mtime, bytes });
  };
  const source = await open(disk, "r");
  try {
    const { size: diskBytes } = await source.stat();
    const header: ArchiveHeader = { archiveVersion: 1, name: record.name, diskBytes };
    await add(headerName, jsonBytes(header));
    await add(recordName, jsonBytes(record));
    for (const file of carriedFileKeys) {
      const [name, text] = [carriedFiles[file], files[file]];
      if (text !== undefined) await add(name, Buffer.from(text));
    }
    let buffer = Buffer.allocUnsafe(partBytes);
    for (let offset = 0; offset < diskBytes; offset += partBytes) {
      signal.throwIfAborted();
      const part = buffer.subarray(0, partSize(offset, diskBytes));
      const { bytesRead } = await source.read(part, 0, part.length, offset);
      if (bytesRead < part.length) throw new Error(`${disk} became smaller`);
      if (!isZeros(part)) {
        await add(partName(offset), part);
        // It is still being compressed when the next is read.
        buffer = Buffer.allocUnsafe(partBytes);
      }
      report.bytes({ received: offset + part.length, total: diskBytes });
    }
  } finally {
    await source.close();
  }
  await addMember(tar, { name: sumsName, mtime, bytes: Buffer.from(sums.join("")) });
  tar.finalize();
}

interface Member {
  readonly name: string;
  readonly mtime: Date;
  readonly bytes: Uint8Array;
}

/** Resolves when there is room for the next one. */
function addMember(tar: Pack, { name, mtime, bytes }: Member): Promise<void> {
  const header = { name, size: bytes.length, mtime, mode: 0o600, uid: 0, gid: 0 };
  return new Promise((resolve, reject) => {
    tar.entry(header, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), (error) =>
      error ? reject(error) : resolve(),
    );
  });
}

function jsonBytes(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`);
}

const zeros = Buffer.alloc(partBytes);

function isZeros(bytes: Buffer): boolean {
  return bytes.equals(zeros.subarray(0, bytes.length));
}
