import { TsmachineError } from "./tsmachine-error.ts";

/** The same failure with further hints after its own; anything else, which shows no hints, as it is. */
export function withHints(thrown: unknown, further: readonly string[]): unknown {
  if (!(thrown instanceof TsmachineError)) return thrown;
  const { code, message, hints, context, cause, stack } = thrown;
  const failure = new TsmachineError(code, message, {
    ...{ hints: [...hints, ...further], context, cause },
  });
  if (stack !== undefined) failure.stack = stack;
  return failure;
}
