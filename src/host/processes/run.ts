import { constants } from "node:os";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { plainLocale } from "./plain-locale.ts";

export interface RunOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds until the program is killed; 60 s unless given. */
  readonly timeoutMs?: number;
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly input?: string | Uint8Array;
  /** Exit statuses that are answers and not failures; only 0 unless given. */
  readonly acceptExitCodes?: readonly number[] | "all";
  /** In a group of processes of its own, which the terminal's Ctrl-C does not end. Windows has none. */
  readonly hasOwnGroup?: boolean;
}

export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
  /** 128 plus the signal's number when a signal ended the program, as in a shell. */
  readonly exitCode: number;
}

/**
 * Runs a program to its end, with its messages in English and UTF-8, and gives back what it printed.
 * Arguments are passed as they are: no shell is involved.
 * @throws TsmachineError PROGRAM_MISSING, PROGRAM_FAILED, TIMEOUT; the signal's reason when aborted.
 */
export async function run(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  // Without input its end is there at once: PowerShell, for one, reads to it before it ends.
  const {
    signal,
    timeoutMs = 60_000,
    cwd,
    environment,
    input = "",
    acceptExitCodes = [0],
    hasOwnGroup = false,
  } = options;
  // Loaded here because many commands run no program.
  const { execa } = await import("execa");
  const result = await execa(program, args, {
    reject: false,
    timeout: timeoutMs,
    stripFinalNewline: false,
    env: { ...environment, ...plainLocale(process.platform) },
    ...(signal && { cancelSignal: signal }),
    ...(cwd !== undefined && { cwd }),
    ...(hasOwnGroup && process.platform !== "win32" && { detached: true }),
    input,
  });
  signal?.throwIfAborted();
  if (result.timedOut) {
    throw new TsmachineError("TIMEOUT", `${program} did not end within ${timeoutMs} ms`);
  }
  if (result.exitCode === undefined && result.code === "ENOENT") {
    throw new TsmachineError("PROGRAM_MISSING", `program ${program} is not on PATH`, {
      hints: [`install ${program}, or put its folder on PATH`],
    });
  }
  const exitCode = result.exitCode ?? (result.signal && 128 + constants.signals[result.signal]);
  if (exitCode === undefined) {
    throw new TsmachineError(
      "PROGRAM_FAILED",
      `${program} could not be started: ${result.originalMessage}`,
      { cause: result.cause },
    );
  }
  if (acceptExitCodes !== "all" && !acceptExitCodes.includes(exitCode)) {
    const lastLine = result.stderr.trim().split("\n").at(-1) ?? "";
    throw new TsmachineError(
      "PROGRAM_FAILED",
      `${program} ended with status ${exitCode}${lastLine === "" ? "" : `: ${lastLine}`}`,
      { context: { args: args.join(" "), stderr: result.stderr }, cause: result.cause },
    );
  }
  return { stdout: result.stdout, stderr: result.stderr, exitCode };
}
