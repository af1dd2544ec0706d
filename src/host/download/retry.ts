import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { sleep } from "../sleep.ts";

export interface RetryOptions {
  readonly signal: AbortSignal;
  /** Told one line before each wait. */
  readonly report: (line: string) => void;
  /** Waits before the second attempt, the third and so on; 1 s, 3 s and 9 s unless given. */
  readonly delaysMs?: readonly number[] | undefined;
  /** The wait itself and the clock: tests bring their own. */
  readonly sleep?: typeof sleep | undefined;
  readonly now?: (() => number) | undefined;
}

/** No attempt begins later than this after the first one; nobody is waited for longer. */
const patienceMs = 120_000;
const maximumDelayMs = 60_000;

/**
 * Attempts something again after failures that may pass by themselves, with growing waits between.
 * A server that names a time (Retry-After) is left alone for that long, or given up when that is
 * over a minute.
 * @throws what the last attempt threw; the signal's reason when aborted.
 */
export async function withRetries<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { signal, report, delaysMs = [1000, 3000, 9000], now = () => performance.now() } = options;
  const deadline = now() + patienceMs;
  for (const usualDelayMs of delaysMs) {
    try {
      return await attempt();
    } catch (error) {
      if (!isTransient(error)) throw error;
      const delayMs = Math.max(usualDelayMs, askedDelayMs(error));
      if (delayMs > maximumDelayMs || now() + delayMs > deadline) throw error;
      report(`${error.message}; trying again in ${Math.ceil(delayMs / 1000)} s`);
      await (options.sleep ?? sleep)(delayMs, signal);
    }
  }
  return attempt();
}

/** Whether a failure of a download may pass by itself. */
export function isTransient(error: unknown): error is TsmachineError {
  if (!(error instanceof TsmachineError)) return false;
  const { code, context } = error;
  switch (code) {
    case "TIMEOUT":
      return true;
    case "DOWNLOAD_FAILED":
      return isTransientStatus(context.status);
    case "NETWORK_UNREACHABLE":
    case "PROXY_FAILED":
      return context.status === undefined
        ? passingCodes.has(String(context.systemCode))
        : isTransientStatus(context.status);
    default:
      return false;
  }
}

/**
 * What may go better the next time. The rest will not: unknown names, forbidden ports, redirections to
 * where no HTTP is, servers that speak something else.
 */
const passingCodes: ReadonlySet<string> = new Set([
  ...["EADDRNOTAVAIL", "EAI_AGAIN", "ECONNABORTED", "ECONNREFUSED", "ECONNRESET", "EHOSTDOWN"],
  ...["EHOSTUNREACH", "ENETDOWN", "ENETRESET", "ENETUNREACH", "EPIPE", "ETIMEDOUT"],
  ...["HPE_INVALID_EOF_STATE", "UND_ERR_BODY_TIMEOUT", "UND_ERR_CONNECT_TIMEOUT"],
  ...["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_RES_CONTENT_LENGTH_MISMATCH", "UND_ERR_SOCKET"],
]);

/** Of RFC 9110 and, for 429, RFC 6585. 501 and 505 will be the same the next time. */
function isTransientStatus(status: unknown): boolean {
  return typeof status === "number" && [408, 429, 500, 502, 503, 504].includes(status);
}

function askedDelayMs({ context }: TsmachineError): number {
  return typeof context.retryAfterMs === "number" ? context.retryAfterMs : 0;
}
