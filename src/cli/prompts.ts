import { createInterface } from "node:readline";
import { TsmachineError } from "../errors/tsmachine-error.ts";
import type { ProcessParts } from "./cli.ts";
import type { ProgramName } from "./compat/program-name.ts";

export interface ConfirmOptions {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly signal: AbortSignal;
  /** As docker-machine it asks on a line of its own everywhere, and takes silence for a no. */
  readonly programName?: ProgramName;
  /** How to answer yes beforehand, as a hint: "add -y to …". */
  readonly remedy: string;
}

/** Where questions go: to stderr, and as docker-machine to stdout, which `--json` keeps for the result. */
export function questionStream({ programName, answers, output }: ProcessParts): NodeJS.WriteStream {
  return programName === "docker-machine" && answers === "text" ? output.stdout : output.stderr;
}

/**
 * Asks a yes-or-no question; anything but yes is no. Without a terminal the answer is a line of
 * the input, as in `echo y | tsmachine rm dev`.
 * @throws TsmachineError INVALID_INPUT when the input ends without an answer, CANCELLED on Ctrl-C;
 *   the signal's reason when it is aborted.
 */
export async function confirm(question: string, options: ConfirmOptions): Promise<boolean> {
  const { input, output, programName, signal } = options;
  signal.throwIfAborted();
  return input.isTTY && output.isTTY && programName !== "docker-machine"
    ? confirmOnTerminal(question, options)
    : confirmByLine(question, options);
}

async function confirmOnTerminal(
  question: string,
  { input, output, signal }: ConfirmOptions,
): Promise<boolean> {
  const { default: inquirer } = await import("inquirer");
  const prompt = inquirer.createPromptModule({ input, output, signal });
  try {
    const { isSure } = await prompt([
      { type: "confirm", name: "isSure", message: question, default: false },
    ]);
    return isSure;
  } catch (error) {
    signal.throwIfAborted();
    // inquirer reads Ctrl-C as a key, so that no signal tells of it.
    if (error instanceof Error && error.name === "ExitPromptError") {
      throw new TsmachineError("CANCELLED", "cancelled", { cause: error });
    }
    throw error;
  }
}

async function confirmByLine(
  question: string,
  { input, output, programName, signal, remedy }: ConfirmOptions,
): Promise<boolean> {
  output.write(`${question} (y/n): `);
  const answer = await firstLine(input, signal);
  output.write("\n");
  signal.throwIfAborted();
  if (answer === undefined) {
    if (programName === "docker-machine") return false;
    throw new TsmachineError("INVALID_INPUT", `no answer to "${question}"`, { hints: [remedy] });
  }
  return /^y/i.test(answer.trim());
}

/** Undefined when the input ends, or the signal is aborted, before there is a line. */
async function firstLine(
  input: NodeJS.ReadableStream,
  signal: AbortSignal,
): Promise<string | undefined> {
  const lines = createInterface({ input, signal });
  try {
    for await (const line of lines) return line;
    return undefined;
  } finally {
    lines.close();
  }
}
