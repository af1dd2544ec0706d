import { readFileSync } from "node:fs";
import * as z from "zod";
import { isSystemError } from "../../errors/system-error.ts";
import { type RunResult, run } from "./run.ts";
import { runWindowsPowerShell } from "./windows-powershell.ts";

/**
 * A process that cannot be mistaken for a later one with the same pid: its start time,
 * in the operating system's own words, is part of it.
 */
export const processIdentitySchema = z.object({
  pid: z.number().int().positive(),
  startedAt: z.string().min(1),
});
export type ProcessIdentity = z.infer<typeof processIdentitySchema>;

/** The identity of the process that has this pid now; undefined when there is none. */
export async function identifyProcess(pid: number): Promise<ProcessIdentity | undefined> {
  const startedAt = await startTimeOf(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

export async function identifyThisProcess(): Promise<ProcessIdentity> {
  const self = await identifyProcess(process.pid);
  if (self === undefined) throw new Error("this process has no start time");
  return self;
}

/** Whether that very process still runs. A zombie does not. */
export async function isRunning(identity: ProcessIdentity): Promise<boolean> {
  return (await startTimeOf(identity.pid)) === identity.startedAt;
}

/** Signals that very process; does nothing when it is gone or its pid belongs to another. */
export async function signalProcess(
  identity: ProcessIdentity,
  signal: NodeJS.Signals,
): Promise<void> {
  if (!(await isRunning(identity))) return;
  try {
    process.kill(identity.pid, signal);
  } catch (error) {
    if (!isSystemError(error, "ESRCH")) throw error;
  }
}

async function startTimeOf(pid: number): Promise<string | undefined> {
  switch (process.platform) {
    case "linux":
      return startTimeFromProc(pid);
    case "win32":
      return startTimeIn(
        await runWindowsPowerShell(`(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`, {
          ...{ environment: process.env, acceptExitCodes: "all" },
        }),
      );
    default:
      return startTimeIn(
        await run("ps", ["-o", "lstart=", "-p", String(pid)], {
          // The same words for every user, whatever time zone they have set.
          ...{ environment: { TZ: "UTC" }, acceptExitCodes: "all" },
        }),
      );
  }
}

/**
 * Boot id and clock ticks since boot: field 22 of /proc/PID/stat, see proc(5). The kernel has the text
 * at once: to ask for it in another thread takes far longer.
 */
function startTimeFromProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const bootId = readFileSync("/proc/sys/kernel/random/boot_id", "utf8");
    // The program's name (field 2) is in parentheses and may itself hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state] = fields;
    const startTicks = fields[19];
    if (state === "Z" || state === "X" || startTicks === undefined) return undefined;
    return `${bootId.trim()}/${startTicks}`;
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ESRCH")) return undefined;
    throw error;
  }
}

function startTimeIn({ stdout, exitCode }: RunResult): string | undefined {
  const text = stdout.trim();
  return exitCode === 0 && text !== "" ? text : undefined;
}
