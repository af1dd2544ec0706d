import { readdir, readFile } from "node:fs/promises";
import * as z from "zod";
import { isSystemError } from "../../errors/system-error.ts";
import { identifyProcess, type ProcessIdentity } from "./process-identity.ts";
import { run } from "./run.ts";
import { runWindowsPowerShell } from "./windows-powershell.ts";

/**
 * The processes that have these arguments, one right after the other, on their command lines.
 * Searches the whole host, so it is for the rare case that the records of a process are lost.
 */
export async function findProcessesWithArguments(
  args: readonly string[],
  platform: NodeJS.Platform,
  signal: AbortSignal,
): Promise<ProcessIdentity[]> {
  const pids = await pidsWith(args, platform, signal);
  const identities = await Promise.all(pids.map(identifyProcess));
  return identities.filter((identity) => identity !== undefined);
}

async function pidsWith(args: readonly string[], platform: NodeJS.Platform, signal: AbortSignal) {
  switch (platform) {
    case "linux":
      return pidsFromProc(args);
    case "win32":
      return pidsFromWindows(args, signal);
    default:
      return pidsFromPs(args, signal);
  }
}

/** /proc/PID/cmdline has a NUL after each argument, see proc(5). */
async function pidsFromProc(args: readonly string[]): Promise<number[]> {
  const wanted = `\0${args.join("\0")}\0`;
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const matching = await Promise.all(
    pids.map(async (pid) => ((await commandLineOf(pid)).includes(wanted) ? [Number(pid)] : [])),
  );
  return matching.flat();
}

async function commandLineOf(pid: string): Promise<string> {
  try {
    return await readFile(`/proc/${pid}/cmdline`, "utf8");
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ESRCH", "EACCES", "EPERM")) return "";
    throw error;
  }
}

async function pidsFromPs(args: readonly string[], signal: AbortSignal): Promise<number[]> {
  const { stdout } = await run("ps", ["-axww", "-o", "pid=,args="], { signal });
  const wanted = ` ${args.join(" ")}`;
  return stdout
    .split("\n")
    .filter((line) => line.includes(wanted))
    .map((line) => Number.parseInt(line, 10));
}

const windowsProcessesSchema = z.array(
  z.object({ ProcessId: z.number(), CommandLine: z.string().nullable() }),
);

async function pidsFromWindows(args: readonly string[], signal: AbortSignal): Promise<number[]> {
  const query =
    "ConvertTo-Json -Compress @(Get-CimInstance Win32_Process | Select-Object ProcessId, CommandLine)";
  const { stdout } = await runWindowsPowerShell(query, { environment: process.env, signal });
  const wanted = ` ${args.join(" ")}`;
  return windowsProcessesSchema
    .parse(JSON.parse(stdout))
    .filter((process) => process.CommandLine?.includes(wanted))
    .map((process) => process.ProcessId);
}
