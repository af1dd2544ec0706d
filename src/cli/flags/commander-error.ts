import type { CommanderError } from "commander";
import type { ErrorCode } from "../../errors/codes.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { missingDriverOf } from "../compat/drivers.ts";

/**
 * What commander says about a command line it cannot parse, as an error of tsmachine. Not for
 * the errors with exitCode 0, by which commander ends `--help` and `--version`.
 */
export function commandLineError(error: CommanderError): TsmachineError {
  const missingDriver = missingDriverOf(unknownFlagOf(error) ?? "");
  if (missingDriver !== undefined) return missingDriver;
  const [message = "", ...suggestion] = error.message.replace(/^error: /, "").split("\n");
  const { code, context } = kindOf(error, message);
  return new TsmachineError(code, message.replace(/\.$/, ""), {
    hints: [hintFor(error, message) ?? hintFrom(suggestion.join(" "))],
    context,
    cause: error,
  });
}

/** commander names it in quotes: "unknown option '--virtualbox-memory'". */
function unknownFlagOf({ code, message }: CommanderError): string | undefined {
  return code === "commander.unknownOption" ? /'(--[^'=]+)/.exec(message)?.[1] : undefined;
}

/** commander tells numbers and names only within its messages. */
function kindOf({ code }: CommanderError, message: string): Kind {
  switch (code) {
    case "commander.unknownCommand":
      return { code: "COMMAND_UNKNOWN", context: { command: /'(.*)'/.exec(message)?.[1] } };
    case "commander.excessArguments":
      return {
        code: "ARGUMENTS_EXTRA",
        context: { expected: Number(/Expected (\d+)/.exec(message)?.[1]) },
      };
    default:
      return { code: "INVALID_INPUT", context: {} };
  }
}

interface Kind {
  readonly code: ErrorCode;
  readonly context: TsmachineError["context"];
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
