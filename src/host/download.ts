import { createHash } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { isSystemError } from "../errors/system-error.ts";
import { TsmachineError } from "../errors/tsmachine-error.ts";
import { temporaryPathFor } from "./files.ts";

interface Transfer {
  readonly url: string;
  readonly signal: AbortSignal;
  /** How long the other side may send nothing; 30 s unless given. */
  readonly stallTimeoutMs?: number;
}

export interface DownloadRequest extends Transfer {
  /** Where the content goes when it is whole; the folder exists. What is there is replaced. */
  readonly path: string;
  /** Bytes that the content must have. */
  readonly size?: number;
  /** Lower-case hexadecimal SHA-256 that the content must have. */
  readonly sha256?: string;
  readonly onProgress?: (receivedBytes: number) => void;
}

/**
 * Downloads a file whole and checked, or leaves `path` as it was: content goes to a temporary
 * file beside it, and is hashed on the way. Several processes may do so for one path at a time.
 * @throws TsmachineError NETWORK_UNREACHABLE, TIMEOUT when nothing came for too long,
 *   DOWNLOAD_FAILED for an HTTP error, DOWNLOAD_CORRUPT for another size or hash, DISK_FULL;
 *   the signal's reason when aborted.
 */
export async function download(request: DownloadRequest): Promise<void> {
  const { path, size } = request;
  const temporary = temporaryPathFor(path);
  try {
    const file = await open(temporary, "wx", 0o600);
    try {
      await receiveInto(file, request);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    if (!isSystemError(error, "ENOSPC", "EDQUOT")) throw error;
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
  for await (const chunk of bodyOf(request)) {
    received += chunk.length;
    if (received > request.maximumSize) throw tooLong(request.url, request.maximumSize);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

async function receiveInto(file: FileHandle, request: DownloadRequest): Promise<void> {
  const { url, size, sha256, onProgress } = request;
  const hash = createHash("sha256");
  let received = 0;
  for await (const chunk of bodyOf(request)) {
    received += chunk.length;
    if (size !== undefined && received > size) throw tooLong(url, size);
    hash.update(chunk);
    await file.writeFile(chunk);
    onProgress?.(received);
  }
  if (size !== undefined && received !== size) {
    throw new TsmachineError("DOWNLOAD_CORRUPT", `${url} has ${received} bytes instead of ${size}`);
  }
  const digest = hash.digest("hex");
  if (sha256 !== undefined && digest !== sha256) {
    throw new TsmachineError("DOWNLOAD_CORRUPT", `${url} does not have the expected SHA-256`, {
      context: { expected: sha256, received: digest },
    });
  }
}

function tooLong(url: string, size: number): TsmachineError {
  return new TsmachineError("DOWNLOAD_CORRUPT", `${url} is longer than ${size} bytes`);
}

async function* bodyOf({ url, signal, stallTimeoutMs = 30_000 }: Transfer) {
  const stalled = new AbortController();
  const either = AbortSignal.any([signal, stalled.signal]);
  const timer = setTimeout(() => {
    const message = `${addressOf(url)} sent nothing for ${stallTimeoutMs} ms`;
    stalled.abort(new TsmachineError("TIMEOUT", message, { context: { url } }));
  }, stallTimeoutMs);
  try {
    const response = await get(url, either);
    if (!response.ok) {
      await response.body?.cancel();
      const status = `${response.status} ${response.statusText}`.trim();
      throw new TsmachineError("DOWNLOAD_FAILED", `${url} was answered with HTTP ${status}`, {
        context: { status: response.status },
      });
    }
    for await (const chunk of response.body ?? []) {
      timer.refresh();
      yield chunk;
    }
  } catch (error) {
    either.throwIfAborted();
    throw error instanceof TypeError ? networkError(url, error) : error;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * A server may close an idle connection at the moment we reuse it; RFC 9112 section 9.3.1 lets a
 * client send such a request again.
 */
async function get(url: string, signal: AbortSignal): Promise<Response> {
  // Compressed files are checked as they are; nothing may unpack them on the way.
  const request = { signal, headers: { "accept-encoding": "identity" } };
  try {
    return await fetch(url, request);
  } catch (error) {
    const cause = error instanceof TypeError ? error.cause : undefined;
    if (!isSystemError(cause, "ECONNRESET", "EPIPE", "UND_ERR_SOCKET")) throw error;
    return await fetch(url, request);
  }
}

/** fetch rejects with a TypeError whose cause is what really happened. */
function networkError(url: string, error: TypeError): TsmachineError {
  const reason = isSystemError(error.cause, ...Object.keys(reasons))
    ? reasons[error.cause.code ?? ""]
    : error.cause instanceof Error && error.cause.message;
  return new TsmachineError(
    "NETWORK_UNREACHABLE",
    `cannot download from ${addressOf(url)}: ${reason || error.message}`,
    { context: { url }, cause: error },
  );
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection was refused",
  ECONNRESET: "the connection was closed by the other side",
  EAI_AGAIN: "its name could not be looked up",
  EHOSTUNREACH: "there is no route to it",
  ENETUNREACH: "there is no network",
  ENOTFOUND: "its name is unknown",
  ETIMEDOUT: "it did not answer",
  UND_ERR_CONNECT_TIMEOUT: "it did not answer",
  UND_ERR_SOCKET: "the connection was closed by the other side",
};

function addressOf(url: string): string {
  const { hostname, port, protocol } = new URL(url);
  return `${hostname}:${port || (protocol === "https:" ? "443" : "80")}`;
}
