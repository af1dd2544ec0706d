import type { Writable } from "node:stream";

/** live: a list that is redrawn. plain: lines that stay. silent: nothing. */
export type ProgressStyle = "live" | "plain" | "silent";

/** A stream for people, such as process.stderr. */
export interface ProgressStream extends Writable {
  readonly isTTY?: boolean;
  /** 0 on a terminal that does not know its size. */
  readonly columns?: number;
}

/**
 * `--quiet` silences; debugging output, or no terminal that can move its cursor and knows its width,
 * needs plain lines.
 */
export function progressStyle(circumstances: {
  readonly quiet: boolean;
  readonly debug: boolean;
  readonly stream: ProgressStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
}): ProgressStyle {
  const { quiet, debug, stream, environment } = circumstances;
  if (quiet) return "silent";
  const canRedraw = isTerminal(stream) && stream.columns !== 0 && environment.TERM !== "dumb";
  return canRedraw && !debug ? "live" : "plain";
}

export function isTerminal(stream: ProgressStream): stream is NodeJS.WriteStream {
  return stream.isTTY === true;
}

export interface ProgressOptions {
  readonly style: ProgressStyle;
  readonly stream: ProgressStream;
  /** Milliseconds on a clock that never goes back. */
  now(): number;
}
