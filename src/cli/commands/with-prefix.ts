import { TsmachineError } from "../../errors/tsmachine-error.ts";

/** The same failure, said of a larger action: "Error removing host "dev": …". Bugs stay as they are. */
export function withPrefix(prefix: string, error: unknown): unknown {
  if (!(error instanceof TsmachineError)) return error;
  const { code, message, hints, context } = error;
  return new TsmachineError(code, `${prefix}: ${message}`, { hints, context, cause: error });
}
