import { readdir, readFile, readlink } from "node:fs/promises";
import { isSystemError } from "../../../src/errors/system-error.ts";
import { poll } from "../../../src/host/poll.ts";
import {
  identifyProcess,
  isRunning,
  type ProcessIdentity,
  signalProcess,
} from "../../../src/host/processes/process-identity.ts";

/**
 * The processes that work in this folder or below it, as every QEMU does in its machine's folder;
 * also when one below it has been deleted. Reads /proc, so it is for Linux.
 */
export async function processesIn(directory: string): Promise<ProcessIdentity[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) =>
      `${await workingDirectoryOf(pid)}/`.startsWith(`${directory}/`)
        ? identifyProcess(Number(pid))
        : undefined,
    ),
  );
  return found.filter((identity) => identity !== undefined);
}

/** kill -9; the process has ended on return. */
export async function killProcess(identity: ProcessIdentity): Promise<void> {
  await signalProcess(identity, "SIGKILL");
  await untilEnded(identity);
}

export async function untilEnded(identity: ProcessIdentity): Promise<void> {
  await poll(async () => ((await isRunning(identity)) ? undefined : true), {
    waitingFor: `the end of process ${identity.pid}`,
    everyMs: 20,
    timeoutMs: 60_000,
    signal: AbortSignal.timeout(70_000),
  });
}

export async function endProcessesIn(directory: string): Promise<void> {
  for (const identity of await processesIn(directory)) await killProcess(identity);
}

/** Words of the command line of a process; empty when it has ended. */
export async function commandLineOf({ pid }: ProcessIdentity): Promise<string[]> {
  try {
    return (await readFile(`/proc/${pid}/cmdline`, "utf8")).split("\0").slice(0, -1);
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ESRCH")) return [];
    throw error;
  }
}

async function workingDirectoryOf(pid: string): Promise<string> {
  try {
    return await readlink(`/proc/${pid}/cwd`);
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ESRCH", "EACCES", "EPERM")) return "";
    throw error;
  }
}
