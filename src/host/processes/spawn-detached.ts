import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { isSystemError } from "../../errors/system-error.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { plainLocale } from "./plain-locale.ts";
import { identifyProcess, type ProcessIdentity } from "./process-identity.ts";

export interface DetachedProcess {
  /** Undefined when it ended before its start time could be read. */
  readonly identity: ProcessIdentity | undefined;
  /** How it ended; undefined while it runs. Known only to the process that spawned it. */
  end(): ProcessEnd | undefined;
}

export interface DetachedOptions {
  readonly cwd: string;
  readonly logPath: string;
  /** True: what the file at `logPath` has stays, and the outputs come after it. */
  readonly keepsLog?: boolean;
  /** All of the program's environment; PATH in it is also where the program is looked up. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** As in wait(2): an exit status, or the signal that ended it. */
export interface ProcessEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * Starts a program that outlives this process: in a session of its own, so that Ctrl-C in the
 * terminal does not reach it, with no input and with both outputs in the file at `logPath`,
 * which is emptied first unless it is to be kept. Its messages are in English and UTF-8.
 * @throws TsmachineError PROGRAM_MISSING, PROGRAM_FAILED when it cannot be executed.
 */
export async function spawnDetached(
  program: string,
  args: readonly string[],
  { cwd, logPath, keepsLog = false, environment }: DetachedOptions,
): Promise<DetachedProcess> {
  const log = await open(logPath, keepsLog ? "a" : "w", 0o600);
  try {
    const child = spawn(program, args, {
      cwd,
      detached: true,
      windowsHide: true,
      stdio: ["ignore", log.fd, log.fd],
      env: { ...environment, ...plainLocale(process.platform) },
    });
    let end: ProcessEnd | undefined;
    child.once("exit", (exitCode, signal) => {
      end = { exitCode, signal };
    });
    const pid = await spawned(child, program);
    child.unref();
    return { identity: await identifyProcess(pid), end: () => end };
  } finally {
    await log.close();
  }
}

async function spawned(child: ChildProcess, program: string): Promise<number> {
  try {
    await once(child, "spawn");
  } catch (cause) {
    if (isSystemError(cause, "ENOENT")) {
      throw new TsmachineError("PROGRAM_MISSING", `program ${program} is not on PATH`, {
        hints: [`install ${program}, or put its folder on PATH`],
        cause,
      });
    }
    throw new TsmachineError("PROGRAM_FAILED", `program ${program} cannot be executed`, { cause });
  }
  if (child.pid === undefined) throw new Error(`${program} was spawned without a pid`);
  return child.pid;
}
