import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { isTransient, type RetryOptions, withRetries } from "../../../host/download/retry.ts";

/** A copy of the Debian archive: a folder that has `dists` and `pool`. */
export interface Mirror {
  /** http, https or file, without a slash at its end. */
  readonly uri: string;
  /** The same of the security archive, which is one of its own; undefined when none is known. */
  readonly securityUri?: string | undefined;
  /** Who named it, for messages: "from --mirror". */
  readonly origin: string;
}

/** How often and how patiently mirrors are asked again. */
export type RetrySettings = Pick<RetryOptions, "delaysMs" | "sleep" | "now">;

/** Takes one line about what goes on; "warning" marks what the user must not miss. */
export type Report = (line: string, weight?: "warning") => void;

export interface MirrorChoice {
  /** In the order to try them. */
  readonly mirrors: readonly Mirror[];
  /** Told of every mirror that is given up while another one is left, and of every wait. */
  readonly report: Report;
  readonly signal: AbortSignal;
  readonly retry?: RetrySettings | undefined;
}

/** Does something with the first mirror that can be reached and serves what is whole and fresh. */
export type AskMirrors = <T>(attempt: (mirror: Mirror) => Promise<T>) => Promise<T>;

/**
 * A way to ask these mirrors, again and again: one that failed is asked last from then on. When all
 * have failed, and for some it may pass by itself, they are asked again after a while. Wrong
 * signatures are no reason to look elsewhere: they end it at once.
 *
 * When all have failed for good, the result throws a TsmachineError that names every mirror and
 * why it failed, with the code of the last failure that may pass by itself, or else of the last that is
 * more than that something is missing: a mirror that was refused may have it.
 */
export function askMirrors({ mirrors, report, signal, retry }: MirrorChoice): AskMirrors {
  let order = mirrors;
  return async (attempt) => {
    const failures = new Map<Mirror, TsmachineError>();
    const askEach = async () => {
      const candidates = order.filter((mirror) => isWorthAsking(failures.get(mirror)));
      for (const mirror of candidates) {
        try {
          return await attempt(mirror);
        } catch (error) {
          if (!isMirrorFailure(error)) throw error;
          failures.set(mirror, error);
          const isNews = ![order.at(-1), candidates.at(-1)].includes(mirror);
          order = [...order.filter((other) => other !== mirror), mirror];
          if (isNews) report(describe([mirror, error]), weightOf(error));
        }
      }
      throw allFailed([...failures]);
    };
    return withRetries(askEach, { ...retry, signal, report });
  };
}

function isWorthAsking(failure: TsmachineError | undefined): boolean {
  return failure === undefined || isTransient(failure);
}

type Failure = readonly [mirror: Mirror, error: TsmachineError];

function allFailed(failures: readonly Failure[]): Error {
  const errors = failures.map(([, error]) => error);
  const telling =
    errors.findLast(isTransient) ?? errors.findLast((error) => !isMissing(error)) ?? errors.at(-1);
  if (telling === undefined) return new Error("there is no mirror to ask");
  const { code, context } = telling;
  return new TsmachineError(code, failures.map(describe).join("; "), {
    hints: [
      ...new Set(errors.flatMap(({ hints }) => hints)),
      "check this host's network, or name another mirror: --mirror http://ftp.de.debian.org/debian",
    ],
    context,
    cause: telling,
  });
}

function isMissing({ code, context }: TsmachineError): boolean {
  return code === "SUITE_MISSING" || context.status === 404;
}

function isMirrorFailure(error: unknown): error is TsmachineError {
  return error instanceof TsmachineError && mirrorFailures.has(error.code);
}

/** That a mirror cannot be reached is a nuisance; that it serves what was refused is more. */
function weightOf({ code }: TsmachineError): "warning" | undefined {
  return refusals.has(code) ? "warning" : undefined;
}

const refusals: ReadonlySet<string> = new Set([
  "DOWNLOAD_CORRUPT",
  "RELEASE_EXPIRED",
  "RELEASE_INVALID",
  "RELEASE_ROLLBACK",
  "SERVER_UNTRUSTED",
]);

/** Another mirror may do better at these; what it serves is checked in the same way. */
const mirrorFailures: ReadonlySet<string> = new Set([
  ...refusals,
  "DOWNLOAD_FAILED",
  "NETWORK_UNREACHABLE",
  "PROXY_FAILED",
  "SUITE_MISSING",
  "TIMEOUT",
]);

function describe([mirror, error]: Failure): string {
  return `Debian mirror ${mirror.uri} (${mirror.origin}) failed: ${error.message}`;
}
