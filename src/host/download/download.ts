import { createHash, type Hash } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { ErrorCode } from "../../errors/codes.ts";
import { isSystemError } from "../../errors/system-error.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { temporaryPathFor } from "../files/files.ts";
import { shownUrl } from "./addresses.ts";
import { claimPartial, leavePartial } from "./partial-file.ts";
import { type Content, openTransfer, type Transfer } from "./transfer.ts";

export interface DownloadRequest extends Transfer {
  /** Where the content goes when it is whole; the folder exists. What is there is replaced. */
  readonly path: string;
  /** Bytes that the content must have. */
  readonly size?: number;
  /** Bytes that the content may have at most, where it is not known how many it must have. */
  readonly maximumSize?: number;
  /**
   * Lower-case hexadecimal SHA-256 that the content must have. With it, a download that broke off
   * is gone on with by the next one for the same path.
   */
  readonly sha256?: string;
  /**
   * Told what there is so far, what an earlier download has left included, and of how much: undefined
   * when neither the request nor the server says.
   */
  readonly onProgress?: (receivedBytes: number, totalBytes: number | undefined) => void;
}

/**
 * Downloads a file whole and checked, or leaves `path` as it was: content goes to a temporary
 * file beside it, and is hashed on the way. Several processes may do so for one path at a time.
 * What is left of an earlier download is believed only as far as the hash of the whole bears it out.
 * @throws TsmachineError as `openTransfer`, DOWNLOAD_CORRUPT for another size or hash,
 *   DOWNLOAD_TOO_LARGE, DISK_FULL;
 *   the signal's reason when aborted.
 */
export async function download(request: DownloadRequest): Promise<void> {
  const { path, size, sha256 } = request;
  const partial = sha256 === undefined ? undefined : await claimPartial(path);
  const temporary = partial ?? temporaryPathFor(path);
  try {
    const file = await open(temporary, partial === undefined ? "wx+" : "r+", 0o600);
    try {
      await receiveInto(file, request);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    const isFull = isSystemError(error, "ENOSPC", "EDQUOT");
    const isUseless = isFull || hasCode(error, "DOWNLOAD_CORRUPT", "DOWNLOAD_TOO_LARGE");
    const isUsable = sha256 !== undefined && !isUseless;
    await (isUsable ? leavePartial(temporary, path) : rm(temporary, { force: true }));
    if (!isFull) throw error;
    const needed = size === undefined ? "space" : `${size} bytes`;
    throw new TsmachineError("DISK_FULL", `no space is left to store ${path}`, {
      hints: [`free ${needed} on the file system of ${dirname(path)}, then run the command again`],
      cause: error,
    });
  }
}

/**
 * Downloads a short text into memory.
 * @throws TsmachineError as `download`; DOWNLOAD_CORRUPT when it has more than `maximumSize` bytes.
 */
export async function downloadText(
  request: Transfer & { readonly maximumSize: number },
): Promise<string> {
  const chunks: Uint8Array[] = [];
  let received = 0;
  for await (const chunk of (await openTransfer(request, 0))?.chunks ?? []) {
    received += chunk.length;
    if (received > request.maximumSize) throw tooLong(request.url, request.maximumSize);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** The beginning of a content. */
interface Beginning {
  readonly length: number;
  readonly hash: Hash;
}

/** Goes on where the file ends; begins anew when the server cannot do that or it leads to another hash. */
async function receiveInto(file: FileHandle, request: DownloadRequest): Promise<void> {
  const kept = await beginningIn(file, request.signal);
  if (kept.hash.copy().digest("hex") === request.sha256) return;
  const resumed = kept.length > 0 ? await openTransfer(request, kept.length) : undefined;
  if (resumed !== undefined && resumed.start > 0) {
    try {
      return await append(file, { request, content: resumed, beginning: kept });
    } catch (error) {
      if (!hasCode(error, "DOWNLOAD_CORRUPT")) throw error;
    }
  }
  await file.truncate(0);
  const isWhole = resumed?.start === 0;
  const content = isWhole ? resumed : await openTransfer(request, 0);
  if (content === undefined) throw new Error("no server may refuse to begin at the beginning");
  const beginning = { length: 0, hash: createHash("sha256") };
  await append(file, { request, content, beginning });
}

async function beginningIn(file: FileHandle, signal: AbortSignal): Promise<Beginning> {
  const hash = createHash("sha256");
  let length = 0;
  for await (const chunk of file.createReadStream({ start: 0, autoClose: false })) {
    signal.throwIfAborted();
    hash.update(chunk);
    length += chunk.length;
  }
  return { length, hash };
}

interface Continuation {
  readonly request: DownloadRequest;
  readonly content: Content;
  readonly beginning: Beginning;
}

async function append(
  file: FileHandle,
  { request, content, beginning: { length, hash } }: Continuation,
): Promise<void> {
  const { url, size, sha256, maximumSize = Number.POSITIVE_INFINITY, onProgress } = request;
  const total = size ?? content.total;
  let received = length;
  for await (const chunk of content.chunks) {
    if (size !== undefined && received + chunk.length > size) throw tooLong(url, size);
    if (Math.max(total ?? 0, received + chunk.length) > maximumSize) {
      throw tooLarge(url, maximumSize);
    }
    hash.update(chunk);
    await writeAt(file, chunk, received);
    received += chunk.length;
    onProgress?.(received, total);
  }
  if (size !== undefined && received !== size) {
    throw new TsmachineError(
      "DOWNLOAD_CORRUPT",
      `${shownUrl(url)} has ${received} bytes instead of ${size}`,
    );
  }
  const digest = hash.digest("hex");
  if (sha256 !== undefined && digest !== sha256) {
    throw new TsmachineError(
      "DOWNLOAD_CORRUPT",
      `${shownUrl(url)} does not have the expected SHA-256`,
      {
        context: { expected: sha256, received: digest },
      },
    );
  }
}

/** A single write may take less than it was given, as on a disk that is about to be full. */
async function writeAt(file: FileHandle, chunk: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < chunk.length; ) {
    const { bytesWritten } = await file.write(chunk, done, chunk.length - done, position + done);
    done += bytesWritten;
  }
}

function hasCode(error: unknown, ...codes: readonly ErrorCode[]): boolean {
  return error instanceof TsmachineError && codes.includes(error.code);
}

function tooLarge(url: string, maximumSize: number): TsmachineError {
  const mebibytes = Math.floor(maximumSize / 2 ** 20);
  return new TsmachineError(
    "DOWNLOAD_TOO_LARGE",
    `${shownUrl(url)} is larger than ${mebibytes} MiB, which is the most that is downloaded`,
    { hints: ["check the address; if it is right, fetch the file yourself and give its path"] },
  );
}

function tooLong(url: string, size: number): TsmachineError {
  return new TsmachineError("DOWNLOAD_CORRUPT", `${shownUrl(url)} is longer than ${size} bytes`);
}
