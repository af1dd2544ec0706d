import { readFile } from "node:fs/promises";
import { isSystemError } from "../../errors/system-error.ts";
import { run } from "./run.ts";
import { runWindowsPowerShell } from "./windows-powershell.ts";

/** What a process has taken since it began, and holds now. */
export interface ProcessUsage {
  /** Of processors, by all of its threads, in user mode and in the kernel. */
  readonly processorMs: number;
  /** Of memory, now. */
  readonly residentBytes: number;
}

/**
 * What the process with this pid takes; undefined when there is none. Totals and not shares, so that whoever asks twice
 * has an exact rate: systeminformation's shares are of the time since anybody has asked, and it lists all processes.
 */
export async function readProcessUsage(
  pid: number,
  platform: NodeJS.Platform,
): Promise<ProcessUsage | undefined> {
  switch (platform) {
    case "linux":
      return fromProc(pid);
    case "win32": {
      const command = `$p = Get-Process -Id ${pid}; "$([long]$p.TotalProcessorTime.TotalMilliseconds) $($p.WorkingSet64)"`;
      const settings = { environment: process.env, acceptExitCodes: "all" } as const;
      const { stdout } = await runWindowsPowerShell(command, settings);
      return parseWindowsUsage(stdout);
    }
    default: {
      const settings = { acceptExitCodes: "all" } as const;
      return parsePsUsage(
        (await run("ps", ["-o", "time=,rss=", "-p", String(pid)], settings)).stdout,
      );
    }
  }
}

async function fromProc(pid: number): Promise<ProcessUsage | undefined> {
  try {
    const [stat, status] = await Promise.all([
      readFile(`/proc/${pid}/stat`, "utf8"),
      readFile(`/proc/${pid}/status`, "utf8"),
    ]);
    return parseProcUsage(stat, status);
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ESRCH")) return undefined;
    throw error;
  }
}

/**
 * From proc_pid_stat(5) and proc_pid_status(5). The kernel counts in ticks of USER_HZ, which is 100 wherever Node.js runs.
 * A zombie holds no memory, and has no VmRSS.
 */
export function parseProcUsage(stat: string, status: string): ProcessUsage | undefined {
  // The program's name (field 2) is in parentheses and may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [userTicks, kernelTicks] = [Number(fields[11]), Number(fields[12])];
  const [, residentKiB] = /^VmRSS:\s*(\d+) kB$/m.exec(status) ?? [];
  if (Number.isNaN(userTicks + kernelTicks) || residentKiB === undefined) return undefined;
  return { processorMs: (userTicks + kernelTicks) * 10, residentBytes: Number(residentKiB) * 1024 };
}

/** "12:34.56 104212" or "1-02:03:04 104212": days, hours, minutes and seconds, then KiB. */
export function parsePsUsage(line: string): ProcessUsage | undefined {
  const [, days = "0", hours = "0", minutes, seconds, residentKiB] =
    /^\s*(?:(\d+)-)?(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)\s+(\d+)\s*$/.exec(line) ?? [];
  if (residentKiB === undefined) return undefined;
  const wholeMinutes = (Number(days) * 24 + Number(hours)) * 60 + Number(minutes);
  const processorMs = Math.round((wholeMinutes * 60 + Number(seconds)) * 1000);
  return { processorMs, residentBytes: Number(residentKiB) * 1024 };
}

/** "1250 104857600": milliseconds, then bytes. */
export function parseWindowsUsage(line: string): ProcessUsage | undefined {
  const [, processorMs, residentBytes] = /^\s*(\d+) (\d+)\s*$/.exec(line) ?? [];
  if (processorMs === undefined || residentBytes === undefined) return undefined;
  return { processorMs: Number(processorMs), residentBytes: Number(residentBytes) };
}
