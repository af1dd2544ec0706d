import type { ErrorCode } from "./codes.ts";

export interface ErrorDetails {
  /** Imperative sentences, each with the exact remedy. */
  readonly hints?: readonly string[];
  /** Plain values for `--debug` and `--json`; never a secret. */
  readonly context?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * A failure that the user can do something about. Anything else that is thrown is a bug.
 * The message is lower case, has no final period and names the object.
 */
export class TsmachineError extends Error {
  override readonly name = "TsmachineError";
  readonly code: ErrorCode;
  readonly hints: readonly string[];
  readonly context: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hints = details.hints ?? [];
    this.context = details.context ?? {};
  }
}
