import type { ErrorCode } from "../../errors/codes.ts";
import type { TsmachineError } from "../../errors/tsmachine-error.ts";

/** What a failure looks like under the name docker-machine. */
export interface Wording {
  /** The first line, which scripts compare as a whole. */
  readonly sentence: string;
  readonly hints: readonly string[];
}

/**
 * A failure in docker-machine's words, where it had words for it; else in ours. A message that begins
 * with "Error" has docker-machine's words already: it names the command that failed as well.
 * Source: docker-machine 0.16.2, commands and libmachine/mcnerror.
 */
export function wordForDockerMachine(failure: TsmachineError): Wording {
  const { code, message, hints } = failure;
  if (withoutHints.has(code)) return { sentence: sentenceOf(failure), hints: [] };
  return { sentence: code in sentences ? sentenceOf(failure) : message, hints };
}

function sentenceOf(failure: TsmachineError): string {
  const sentence = sentences[failure.code];
  return sentence?.(failure) ?? failure.message;
}

type Sentence = (failure: TsmachineError) => string;

const sentences: Partial<Record<ErrorCode, Sentence>> = {
  ARGUMENTS_EXTRA: ({ message, context }) => `Error: ${extraArguments(context) ?? message}`,
  COMMAND_UNKNOWN: ({ context }) =>
    `docker-machine: '${context.command}' is not a docker-machine command. ` +
    "See 'docker-machine --help'.",
  MACHINE_NOT_FOUND: ({ message }) => withWaysOn(message),
  MACHINE_NOT_RUNNING: ({ message, context: { failure } }) => {
    if (!message.endsWith("Host is not running")) return `Error: ${message}`;
    return typeof failure === "string" ? `${failure}: Host is not running` : "Host is not running";
  },
  NAME_INVALID: ({ message, context }) =>
    isWhole(message) ? message : withWaysOn(`Docker machine "${context.name}" does not exist`),
  NAME_MISSING: ({ message }) => `Error: ${message}`,
  PROVIDER_NOT_READY: ({ message }) => `Error with pre-create check: ${JSON.stringify(message)}`,
  PROVIDER_UNKNOWN: ({ context: { id } }) =>
    `Driver "${id}" not found. ` +
    `Do you have the plugin binary "docker-machine-driver-${id}" accessible in your PATH?`,
  SHELL_UNKNOWN: () => "Error: Unknown shell",
};

/** Scripts take the sentence for the last line, or it says itself what to do. */
const withoutHints: ReadonlySet<ErrorCode> = new Set([
  "ARGUMENTS_EXTRA",
  "COMMAND_UNKNOWN",
  "MACHINE_NOT_FOUND",
  "NAME_INVALID",
  "NAME_MISSING",
]);

function isWhole(message: string): boolean {
  return message.startsWith("Error");
}

function withWaysOn(message: string): string {
  return (
    `${message}. Use "docker-machine ls" to list machines. ` +
    'Use "docker-machine create" to add a new one.'
  );
}

function extraArguments({ expected }: TsmachineError["context"]): string | undefined {
  if (expected === 0) return "Too many arguments given";
  return expected === 1 ? "Expected one machine name as an argument" : undefined;
}
