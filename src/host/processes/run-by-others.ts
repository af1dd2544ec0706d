import { readdir, readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { isSystemError } from "../../errors/system-error.ts";
import { run } from "./run.ts";

/**
 * Whether a user other than this one runs the program of this name, of up to 15 characters. Nobody does
 * where the system does not tell: on Windows, and on Linux with the processes of others hidden.
 */
export async function isRunByOthers(name: string, platform: NodeJS.Platform): Promise<boolean> {
  const own = process.getuid?.();
  if (own === undefined) return false;
  const users = platform === "linux" ? await usersInProc(name) : await usersByPs(name);
  return users.some((user) => user !== own);
}

/** /proc/PID/comm is the name of the program's file, see proc(5). */
async function usersInProc(name: string): Promise<number[]> {
  const pids = (await readdir("/proc")).filter((one) => /^\d+$/.test(one));
  const users = await Promise.all(
    pids.map(async (pid) => {
      try {
        const program = await readFile(`/proc/${pid}/comm`, "utf8");
        return program === `${name}\n` ? [(await stat(`/proc/${pid}`)).uid] : [];
      } catch (error) {
        if (isSystemError(error, "ENOENT", "ESRCH", "EACCES", "EPERM")) return [];
        throw error;
      }
    }),
  );
  return users.flat();
}

async function usersByPs(name: string): Promise<number[]> {
  const { stdout } = await run("ps", ["-axo", "uid=,comm="]);
  return stdout.split("\n").flatMap((line) => {
    const [, user, program = ""] = /^\s*(\d+)\s+(.*?)\s*$/.exec(line) ?? [];
    return basename(program) === name ? [Number(user)] : [];
  });
}
