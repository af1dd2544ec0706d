import { createReadStream } from "node:fs";
import { fileURLToPath } from "node:url";
import { isSystemError } from "../../errors/system-error.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { addressOf, shownUrl } from "./addresses.ts";
import { directClient, type HttpClient, type HttpResponse } from "./http-client.ts";
import { explainNetworkError } from "./network-errors.ts";
import { proxyRefused } from "./proxies/proxy-errors.ts";
import { retryAfterMs } from "./retry-after.ts";

export interface Transfer {
  /** http, https, or file. */
  readonly url: string;
  readonly signal: AbortSignal;
  /** How to get there: directly unless given. */
  readonly http?: HttpClient | undefined;
  /** How long the other side may send nothing; 30 s unless given. */
  readonly stallTimeoutMs?: number | undefined;
}

export interface Content {
  /** Where in the file it begins: where it was asked from, or 0. */
  readonly start: number;
  /** Bytes of the whole file; undefined when the server does not say. */
  readonly total: number | undefined;
  /** To be read to its end or abandoned in a loop. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/**
 * Opens a file at its server, from some byte on where the server can do that: RFC 9110, section 14.
 * @returns undefined when the server refuses to begin there.
 * @throws TsmachineError NETWORK_UNREACHABLE, SERVER_UNTRUSTED, PROXY_FAILED,
 *   PROXY_AUTHENTICATION_REQUIRED, TIMEOUT when nothing came for too long, DOWNLOAD_FAILED for an
 *   HTTP error or a file that is missing, INVALID_INPUT for a wrong proxy or CA file; the signal's
 *   reason when aborted. Reading the chunks throws the same.
 */
export async function openTransfer(transfer: Transfer, from: number): Promise<Content | undefined> {
  if (transfer.url.startsWith("file:"))
    return { start: 0, total: undefined, chunks: readLocally(transfer) };
  const watch = watchFor(transfer);
  try {
    const response = await get(transfer, { from, signal: watch.signal });
    if (from > 0 && (response.status === 416 || isOtherRange(response, from))) {
      watch.end();
      await response.body?.cancel();
      return undefined;
    }
    await refuseFailure(transfer, response);
    const start = response.status === 206 ? from : 0;
    return { start, total: totalOf(response), chunks: chunksOf(transfer, response, watch) };
  } catch (error) {
    watch.end();
    throw explain(transfer, watch, error);
  }
}

async function* readLocally({ url, signal }: Transfer): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(fileURLToPath(url))) {
      signal.throwIfAborted();
      yield chunk;
    }
  } catch (error) {
    if (!isSystemError(error, "ENOENT", "ENOTDIR", "EISDIR")) throw error;
    throw new TsmachineError("DOWNLOAD_FAILED", `there is no file ${shownUrl(url)}`, {
      context: { status: 404 },
      cause: error,
    });
  }
}

interface StallWatch {
  /** Of the transfer, or of the other side's silence. */
  readonly signal: AbortSignal;
  /** The other side's turn: its silence counts from now on. */
  begin(): void;
  /** Not its turn any more. */
  end(): void;
}

function watchFor({ url, signal, stallTimeoutMs = 30_000 }: Transfer): StallWatch {
  const stalled = new AbortController();
  const giveUp = () => {
    const message = `${addressOf(url)} sent nothing for ${stallTimeoutMs} ms`;
    stalled.abort(new TsmachineError("TIMEOUT", message, { context: { url: shownUrl(url) } }));
  };
  let timer = setTimeout(giveUp, stallTimeoutMs);
  const end = () => clearTimeout(timer);
  const begin = () => {
    end();
    timer = setTimeout(giveUp, stallTimeoutMs);
  };
  return { signal: AbortSignal.any([signal, stalled.signal]), begin, end };
}

/**
 * A server may close an idle connection at the moment we reuse it; RFC 9112 section 9.3.1 lets a
 * client send such a request again.
 */
async function get(
  { url, http = directClient }: Transfer,
  { from, signal }: { from: number; signal: AbortSignal },
): Promise<HttpResponse> {
  const headers = {
    // Compressed files are checked as they are; nothing may unpack them on the way.
    "accept-encoding": "identity",
    ...(from > 0 && { range: `bytes=${from}-` }),
  };
  try {
    return await http.get(url, { signal, headers });
  } catch (error) {
    const cause = error instanceof TypeError ? error.cause : undefined;
    if (!isSystemError(cause, "ECONNRESET", "EPIPE", "UND_ERR_SOCKET")) throw error;
    return await http.get(url, { signal, headers });
  }
}

function isOtherRange({ status, headers }: HttpResponse, from: number): boolean {
  return status === 206 && !headers.get("content-range")?.startsWith(`bytes ${from}-`);
}

/**
 * Content-Length and Content-Range: RFC 9110, sections 8.6 and 14.4. What was compressed on the way has
 * another length.
 */
function totalOf({ status, headers }: HttpResponse): number | undefined {
  const isPlain = [null, "", "identity"].includes(headers.get("content-encoding"));
  const [, total] =
    status === 206
      ? (/\/(\d{1,15})$/.exec(headers.get("content-range") ?? "") ?? [])
      : (/^(\d{1,15})$/.exec(headers.get("content-length") ?? "") ?? []);
  return isPlain && total !== undefined ? Number(total) : undefined;
}

async function refuseFailure({ url, http }: Transfer, response: HttpResponse): Promise<void> {
  if (response.ok) return;
  const { status, statusText, headers } = response;
  await response.body?.cancel();
  const proxy = http?.proxyFor(url);
  if (proxy && status === 407) throw proxyRefused({ url, proxy, status });
  // It goes to terminals, and servers may put anything into it.
  const words = statusText.replace(/[^ -~]/g, "").slice(0, 100);
  const answer = `was answered with HTTP ${status} ${words}`.trim();
  const through = proxy ? `, through the proxy ${proxy.uri}` : "";
  throw new TsmachineError("DOWNLOAD_FAILED", `${shownUrl(url)} ${answer}${through}`, {
    context: { status, retryAfterMs: retryAfterMs(headers) },
  });
}

async function* chunksOf(
  transfer: Transfer,
  { body }: HttpResponse,
  watch: StallWatch,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body ?? []) {
      // A disk that is slow to take it is not the server's silence.
      watch.end();
      yield chunk;
      watch.begin();
    }
  } catch (error) {
    throw explain(transfer, watch, error);
  } finally {
    watch.end();
  }
}

function explain({ url, http }: Transfer, watch: StallWatch, error: unknown): unknown {
  if (watch.signal.aborted) return watch.signal.reason;
  if (!(error instanceof TypeError)) return error;
  return explainNetworkError({ url, proxy: http?.proxyFor(url), error });
}
