import { constants } from "node:os";
import { execa } from "execa";
import { TsmachineError } from "../../errors/tsmachine-error.ts";

export interface AttachedOptions {
  readonly signal?: AbortSignal;
  /** Besides this process's own; undefined takes a variable away. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/**
 * Runs a program in the foreground, on this process's own terminal or pipes, until it ends.
 * @returns its exit status; 128 plus the signal's number when a signal ended it, as shells have it.
 * @throws TsmachineError PROGRAM_MISSING; the signal's reason when aborted, once the program has ended.
 */
export async function runAttached(
  program: string,
  args: readonly string[],
  { signal, environment }: AttachedOptions = {},
): Promise<number> {
  const result = await execa(program, args, {
    stdio: "inherit",
    reject: false,
    ...(environment && { env: { ...environment } }),
    ...(signal && { cancelSignal: signal }),
  });
  signal?.throwIfAborted();
  if (result.exitCode !== undefined) return result.exitCode;
  if (result.signal !== undefined) return 128 + constants.signals[result.signal];
  throw new TsmachineError("PROGRAM_MISSING", `program ${program} cannot be run`, {
    hints: [`install ${program}, or put its folder on PATH`],
    cause: result.cause,
  });
}
