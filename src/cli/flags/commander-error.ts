import type { CommanderError } from "commander";
import { TsmachineError } from "../../errors/tsmachine-error.ts";

/**
 * What commander says about a command line it cannot parse, as an error of tsmachine. Not for
 * the errors with exitCode 0, by which commander ends `--help` and `--version`.
 */
export function commandLineError(error: CommanderError): TsmachineError {
  const [message = "", ...suggestion] = error.message.replace(/^error: /, "").split("\n");
  return new TsmachineError("INVALID_INPUT", message.replace(/\.$/, ""), {
    hints: [hintFor(error, message) ?? hintFrom(suggestion.join(" "))],
    cause: error,
  });
}

/** commander names two flags that contradict each other: "option '--lock <FILE>' cannot be …". */
function hintFor({ code }: CommanderError, message: string): string | undefined {
  if (code !== "commander.conflictingOption") return undefined;
  const flags = [...message.matchAll(/option '(?:-\w, )?(--[\w-]+)/g)].map(([, flag]) => flag);
  return `leave out ${flags.join(" or ")}`;
}

/** commander's "(Did you mean --force?)" as a sentence of ours. */
function hintFrom(suggestion: string): string {
  const meant = /^\(Did you mean (?:one of )?(.+)\?\)$/.exec(suggestion.trim())?.[1];
  return meant === undefined ? "see tsmachine --help" : `write ${meant}, or see tsmachine --help`;
}
