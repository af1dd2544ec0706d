import { type ErrorCode, exitStatusByCode } from "../../errors/codes.ts";
import { messageOf } from "../../errors/message-of.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { callByName } from "../compat/call-by-name.ts";
import { wordForDockerMachine } from "../compat/sentences.ts";
import { cleanLine } from "./clean-terminal-text.ts";
import { explainSystemError } from "./explain-system-error.ts";

export interface DescribeErrorOptions {
  /** The name tsmachine was called by; it begins every line, except docker-machine's own sentences. */
  readonly programName: string;
  /** What a bug report must say: "tsmachine 1.2.3, Node.js v20.19.0, linux x64". */
  readonly about: string;
  /** Adds context, causes and stack to the text of expected failures. */
  readonly debug: boolean;
  readonly format: "text" | "json";
}

export interface ErrorDescription {
  /** For stderr, without newlines. */
  readonly lines: readonly string[];
  readonly exitStatus: number;
}

/**
 * Words whatever a command has thrown. The only place that does.
 *
 * As text: `tsmachine: error: message [CODE]`, the last lines of the machine's console where that is
 * at fault, then `tsmachine: hint: …` for each hint. Under the name docker-machine the first line is
 * docker-machine's sentence and nothing else. What is not an expected failure is a bug and shows its
 * stack. As JSON, for commands called with `--json`: one line,
 * `{"error": {"code", "message", "hints", "context"}}`, where a bug has the code BUG; it goes to
 * stderr too, so that stdout holds either the result or nothing.
 *
 * Words of others are in it, such as those of an archive, a guest or a server: as text they are cleaned of what a
 * terminal obeys, and do not begin a line.
 */
export function describeError(thrown: unknown, options: DescribeErrorOptions): ErrorDescription {
  if (thrown instanceof AggregateError && thrown.errors.every(isExpected)) {
    return describeAll(thrown.errors, options);
  }
  const failure = expectedFailure(thrown);
  const isJson = options.format === "json";
  if (failure === undefined) {
    const lines = isJson ? jsonBug(thrown, options) : bugLines(thrown, options).map(cleanLine);
    return { lines, exitStatus: 1 };
  }
  return {
    lines: isJson ? jsonLines(failure, options) : failureLines(failure, options).map(cleanLine),
    exitStatus: exitStatusByCode[failure.code],
  };
}

function isExpected(error: unknown): boolean {
  return expectedFailure(error) !== undefined;
}

/** What became of several machines, one after another; the first decides the exit status. */
function describeAll(errors: readonly unknown[], options: DescribeErrorOptions): ErrorDescription {
  const described = errors.map((error) => describeError(error, options));
  return {
    lines: described.flatMap(({ lines }) => lines),
    exitStatus: described[0]?.exitStatus ?? 1,
  };
}

function expectedFailure(thrown: unknown): TsmachineError | undefined {
  if (thrown instanceof TsmachineError) return thrown;
  if (thrown instanceof Error && thrown.name === "AbortError") {
    return new TsmachineError("CANCELLED", "cancelled", { cause: thrown });
  }
  return explainSystemError(thrown);
}

function failureLines(
  failure: TsmachineError,
  { programName, debug }: DescribeErrorOptions,
): string[] {
  // By itself: an escape sequence that is never ended would take the code with it.
  const message = cleanLine(failure.message);
  const { sentence, hints } =
    programName === "docker-machine"
      ? wordForDockerMachine(failure)
      : { sentence: `${programName}: error: ${message} [${failure.code}]`, ...failure };
  const lines = [
    callByName(programName, sentence),
    ...consoleLines(failure),
    ...hints.map((hint) => `${programName}: hint: ${callByName(programName, hint)}`),
  ];
  if (debug) {
    lines.push(
      ...Object.entries(failure.context).map(
        ([name, value]) => `${programName}: context: ${name} = ${JSON.stringify(value)}`,
      ),
      ...stackLines(failure),
    );
  }
  return lines;
}

/** As many tell people why a machine failed; failures may have all of the console. */
const shownConsoleLines = 12;

/** What a machine said last, where a failure has that as `context.console`. */
function consoleLines({ context }: TsmachineError): string[] {
  const { console } = context;
  if (!Array.isArray(console) || console.length === 0) return [];
  return [
    "  The machine's console ends with:",
    ...console.slice(-shownConsoleLines).map((line) => `    ${line}`),
  ];
}

function bugLines(thrown: unknown, { programName, about }: DescribeErrorOptions): string[] {
  return [
    `${programName}: bug: ${messageOf(thrown)}`,
    ...stackLines(thrown),
    `${programName}: hint: ${bugHint(about)}`,
  ];
}

function jsonBug(thrown: unknown, { about }: DescribeErrorOptions): string[] {
  const context = { stack: stackLines(thrown) };
  return [errorJson({ code: "BUG", message: messageOf(thrown), hints: [bugHint(about)], context })];
}

function bugHint(about: string): string {
  return `report this bug with all these lines and the command you gave (${about})`;
}

function jsonLines(
  { code, message, hints, context }: TsmachineError,
  { programName }: DescribeErrorOptions,
): string[] {
  const called = (text: string) => callByName(programName, text);
  return [errorJson({ code, message: called(message), hints: hints.map(called), context })];
}

function errorJson(error: {
  readonly code: ErrorCode | "BUG";
  readonly message: string;
  readonly hints: readonly string[];
  readonly context: Readonly<Record<string, unknown>>;
}): string {
  return JSON.stringify({ error });
}

/** The stack, then those of its causes, down to the first failure. */
function stackLines(thrown: unknown): string[] {
  if (!(thrown instanceof Error)) return [`  ${String(thrown)}`];
  const lines = (thrown.stack ?? `${thrown.name}: ${thrown.message}`)
    .split("\n")
    .map((line) => `  ${line.trimEnd()}`);
  const causes = thrown instanceof AggregateError ? thrown.errors : [thrown.cause];
  for (const cause of causes) {
    if (cause !== undefined) lines.push("  caused by:", ...stackLines(cause));
  }
  return lines;
}
