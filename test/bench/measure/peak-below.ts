import { readdir, readlink } from "node:fs/promises";
import { readTextIfPresent } from "../../../src/host/files/files.ts";
import { sleep } from "../../../src/host/sleep.ts";

const lookEveryMs = 250;

/**
 * The most memory that processes which work below the folder had resident at once, in MB, as far as looks four times a
 * second show it: that of every QEMU, which works in its machine's folder. 0 where there is no /proc.
 */
export async function peakBelow(folder: string, action: () => Promise<unknown>): Promise<number> {
  const ended = new AbortController();
  const watching = watch(folder, ended.signal);
  try {
    await action();
  } finally {
    ended.abort();
  }
  return watching;
}

async function watch(folder: string, signal: AbortSignal): Promise<number> {
  let peakMB = 0;
  while (!signal.aborted) {
    peakMB = Math.max(peakMB, await residentBelow(folder));
    await sleep(lookEveryMs, signal).catch(() => {});
  }
  return peakMB;
}

async function residentBelow(folder: string): Promise<number> {
  const names = await readdir("/proc").catch(() => []);
  const sizes = await Promise.all(
    names
      .filter((name) => /^\d+$/.test(name))
      .map(async (pid) => {
        // Of others' processes nobody tells where they work.
        const place = await readlink(`/proc/${pid}/cwd`).catch(() => "");
        return place.startsWith(`${folder}/`) ? residentMB(pid) : 0;
      }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** VmRSS of proc_pid_status(5); none of a process that has ended. */
async function residentMB(pid: string): Promise<number> {
  const status = (await readTextIfPresent(`/proc/${pid}/status`).catch(() => "")) ?? "";
  const [, kibibytes = 0] = /^VmRSS:\s*(\d+) kB$/m.exec(status) ?? [];
  return (Number(kibibytes) * 1024) / 1e6;
}
