import { constants } from "node:os";
import type { Readable } from "node:stream";
import { setTimeout as setTimeoutPromise } from "node:timers/promises";
import { createTail } from "../../bytes/tail.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { killTree } from "./kill-tree.ts";
import type { ProcessEnd } from "./spawn-detached.ts";
import { startWatcher } from "./start-watcher.ts";

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

/** How long a program's pipes stay open after its end: for what it has written and we have not read. */
const graceMs = 500;

/**
 * Runs somebody else's program to its end, in a group of processes of its own, so that nothing it has started
 * outlives it or its time. What has left the group is not killed, but not waited for either.
 * @throws TsmachineError PROGRAM_MISSING; the signal's reason when aborted, once the group was killed.
 */
export async function runCaptured(
  program: string,
  args: readonly string[],
  { signal, timeoutMs, cwd, environment, maxOutputBytes }: CaptureOptions,
): Promise<Captured> {
  const { execa } = await import("execa");
  signal.throwIfAborted();
  const { platform } = process;
  const watcher = platform === "win32" ? undefined : startWatcher();
  const running = execa(program, args, {
    ...{ cwd, env: { ...environment }, stdin: "ignore", all: true, buffer: false, reject: false },
    ...{ detached: platform !== "win32", cleanup: true, encoding: "buffer" },
  });
  const { pid } = running;
  if (pid !== undefined) watcher?.watch(pid);
  const tail = createTail(maxOutputBytes);
  running.all.on("data", (chunk: Uint8Array) => tail.add(chunk));
  const ending = new Promise<ProcessEnd>((resolve) => {
    running.once("exit", (exitCode, signalName) => resolve({ exitCode, signal: signalName }));
  });
  if (pid === undefined) {
    watcher?.dismiss();
    throw programMissing(program, (await running).cause);
  }
  let isLate = false;
  let killing: Promise<void> | undefined;
  const end = () => {
    killing ??= killTree(pid, platform);
  };
  const timer = setTimeout(() => {
    isLate = true;
    end();
  }, timeoutMs);
  signal.addEventListener("abort", end);
  if (signal.aborted) end();
  try {
    const { exitCode, signal: signalName } = await ending;
    // Also what a program that has ended by itself left running; on Windows its pid may be another's by now.
    if (platform !== "win32") end();
    await killing;
    await closePipes(running);
    signal.throwIfAborted();
    const output = tail.text();
    // A program that ended in the last moment has ended, whatever the clock says.
    if (exitCode !== null) return { output, exitStatus: exitCode };
    if (isLate || signalName === null) return { output, exitStatus: undefined };
    return { output, exitStatus: 128 + constants.signals[signalName] };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
    watcher?.dismiss();
  }
}

/** Waits for the end of the output, but not for those who have left the group and keep it open. */
async function closePipes(
  running: PromiseLike<unknown> & { readonly stdout: Readable; readonly stderr: Readable },
): Promise<void> {
  const grace = new AbortController();
  const isClosed = await Promise.race([
    running.then(() => true),
    setTimeoutPromise(graceMs, false, { signal: grace.signal }).catch(() => false),
  ]);
  grace.abort();
  if (isClosed) return;
  running.stdout.destroy();
  running.stderr.destroy();
}

function programMissing(program: string, cause: unknown): TsmachineError {
  return new TsmachineError("PROGRAM_MISSING", `program ${program} cannot be run`, {
    hints: [`install ${program}, or put its folder on PATH`],
    cause,
  });
}
