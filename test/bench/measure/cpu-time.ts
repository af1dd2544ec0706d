import { readTextIfPresent } from "../../../src/host/files/files.ts";

/** Linux reports in hundredths of a second on every architecture: USER_HZ, time(7). */
const ticksPerSecond = 100;

/** Processor time that the process has used so far; undefined where there is no /proc. */
export async function cpuSecondsOf(pid: number): Promise<number | undefined> {
  const stat = await readTextIfPresent(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // Fields 14 and 15 of proc_pid_stat(5); the name in field 2 may hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}
