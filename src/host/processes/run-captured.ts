import { constants } from "node:os";
import { createTail } from "../../bytes/tail.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";

export interface CaptureOptions {
  readonly signal: AbortSignal;
  /** Milliseconds until the program and all that it has started are killed. */
  readonly timeoutMs: number;
  readonly cwd: string;
  /** Besides this process's own; undefined takes a variable away. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** As much of the output's end is kept. */
  readonly maxOutputBytes: number;
}

export interface Captured {
  /** Both streams as they came; only the end where there was more. */
  readonly output: string;
  /** 128 plus the signal's number when a signal ended it; undefined when its time was over. */
  readonly exitStatus: number | undefined;
}

/**
 * Runs somebody else's program to its end, in a group of processes of its own, so that nothing it has started
 * outlives its time.
 * @throws TsmachineError PROGRAM_MISSING; the signal's reason when aborted, once the group was killed.
 */
export async function runCaptured(
  program: string,
  args: readonly string[],
  { signal, timeoutMs, cwd, environment, maxOutputBytes }: CaptureOptions,
): Promise<Captured> {
  const { execa } = await import("execa");
  signal.throwIfAborted();
  const isGroup = process.platform !== "win32";
  const running = execa(program, args, {
    ...{ cwd, env: { ...environment }, stdin: "ignore", all: true, buffer: false, reject: false },
    ...{ detached: isGroup, cleanup: true, encoding: "buffer" },
  });
  const tail = createTail(maxOutputBytes);
  running.all.on("data", (chunk: Uint8Array) => tail.add(chunk));
  let isLate = false;
  const end = () => killAll(running.pid, isGroup);
  const timer = setTimeout(() => {
    isLate = true;
    end();
  }, timeoutMs);
  signal.addEventListener("abort", end);
  try {
    const result = await running;
    signal.throwIfAborted();
    const output = tail.text();
    if (isLate) return { output, exitStatus: undefined };
    if (result.exitCode !== undefined) return { output, exitStatus: result.exitCode };
    if (result.signal !== undefined) {
      return { output, exitStatus: 128 + constants.signals[result.signal] };
    }
    throw new TsmachineError("PROGRAM_MISSING", `program ${program} cannot be run`, {
      hints: [`install ${program}, or put its folder on PATH`],
      cause: result.cause,
    });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
    // Also what a program that has ended left running in its group.
    end();
  }
}

/** The whole group where there is one. What is gone already is no failure. */
function killAll(pid: number | undefined, isGroup: boolean): void {
  if (pid === undefined) return;
  try {
    process.kill(isGroup ? -pid : pid, "SIGKILL");
  } catch {
    // Nothing of it runs any more.
  }
}
