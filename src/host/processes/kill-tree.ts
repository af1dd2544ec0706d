import { isSystemError } from "../../errors/system-error.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { run } from "./run.ts";

const killTimeoutMs = 10_000;

/**
 * Kills a program that was spawned with `detached` outside Windows, with all that it has started: its group of
 * processes; on Windows, which has no groups, its tree. What is gone already is no failure.
 */
export async function killTree(pid: number, platform: NodeJS.Platform): Promise<void> {
  if (platform !== "win32") {
    kill(-pid);
    return;
  }
  try {
    await run("taskkill", ["/T", "/F", "/PID", String(pid)], {
      ...{ acceptExitCodes: "all", timeoutMs: killTimeoutMs },
    });
  } catch (error) {
    if (!(error instanceof TsmachineError)) throw error;
  }
  // Whatever became of taskkill, the program itself does not go on.
  kill(pid);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    // macOS says EPERM of a group whose processes have all ended and were not waited for yet.
    if (!isSystemError(error, "ESRCH", "EPERM")) throw error;
  }
}
