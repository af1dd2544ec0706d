import { TsmachineError } from "../../../errors/tsmachine-error.ts";

/** A copy of the Debian archive: a folder that has `dists` and `pool`. */
export interface Mirror {
  /** http or https, without a slash at its end. */
  readonly uri: string;
  /** Who named it, for messages: "from --mirror". */
  readonly origin: string;
}

/** @throws TsmachineError INVALID_INPUT when the URI cannot be a mirror's. */
export function parseMirror(uri: string, origin: string): Mirror {
  const parsed = URL.canParse(uri) ? new URL(uri) : undefined;
  const isPlain =
    parsed !== undefined &&
    /^https?:$/.test(parsed.protocol) &&
    `${parsed.username}${parsed.password}${parsed.search}${parsed.hash}` === "";
  if (isPlain) return { uri: parsed.href.replace(/\/+$/, ""), origin };
  throw new TsmachineError(
    "INVALID_INPUT",
    `the Debian mirror ${origin} is not an http or https address without password and query`,
    { hints: ["give it in the form http://ftp.de.debian.org/debian"] },
  );
}

export interface MirrorChoice {
  /** In the order to try them. */
  readonly mirrors: readonly Mirror[];
  /** Told one line for every mirror that is given up while another one is left. */
  readonly report: (line: string) => void;
}

/** Does something with the first mirror that can be reached and serves what is whole. */
export type AskMirrors = <T>(attempt: (mirror: Mirror) => Promise<T>) => Promise<T>;

/**
 * A way to ask these mirrors, again and again: one that failed is asked last from then on. Wrong
 * signatures are no reason to look elsewhere: they end it at once.
 *
 * When all have failed, the result throws a TsmachineError with the code of the last failure, which
 * names every mirror and why it failed.
 */
export function askMirrors({ mirrors, report }: MirrorChoice): AskMirrors {
  let order = mirrors;
  return async (attempt) => {
    const failures: Failure[] = [];
    for (const mirror of order) {
      try {
        return await attempt(mirror);
      } catch (error) {
        if (!isMirrorFailure(error)) throw error;
        failures.push({ mirror, error });
        const isNews = order.at(-1) !== mirror;
        order = [...order.filter((other) => other !== mirror), mirror];
        if (isNews) report(describe({ mirror, error }));
      }
    }
    throw allFailed(failures);
  };
}

interface Failure {
  readonly mirror: Mirror;
  readonly error: TsmachineError;
}

function allFailed(failures: readonly Failure[]): Error {
  const last = failures.at(-1);
  if (last === undefined) return new Error("there is no mirror to ask");
  const { code, hints, context } = last.error;
  return new TsmachineError(code, failures.map(describe).join("; "), {
    hints: [
      ...hints,
      "check this host's network, or name another mirror: --mirror http://ftp.de.debian.org/debian",
    ],
    context,
    cause: last.error,
  });
}

function isMirrorFailure(error: unknown): error is TsmachineError {
  return error instanceof TsmachineError && mirrorFailures.has(error.code);
}

const mirrorFailures: ReadonlySet<string> = new Set([
  "DOWNLOAD_CORRUPT",
  "DOWNLOAD_FAILED",
  "NETWORK_UNREACHABLE",
  "TIMEOUT",
]);

function describe({ mirror, error }: Failure): string {
  return `Debian mirror ${mirror.uri} (${mirror.origin}) failed: ${error.message}`;
}
