import type { Shell } from "./dialects.ts";
import { shellNamed, unknownShell } from "./shell-names.ts";

export interface ShellTraces {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** Names of the parent process, its parent and so on; asked on Windows only, where nothing else tells. */
  ancestorNames(): Promise<readonly string[]>;
}

/**
 * The shell that the user most likely typed the command into: what SHELL names; on Windows, where
 * only ports of Unix shells set it, the nearest ancestor that is a shell.
 * Source: docker-machine 0.16.2, libmachine/shell.
 * @throws TsmachineError SHELL_UNKNOWN
 */
export async function detectShell(traces: ShellTraces): Promise<Shell> {
  const { environment, platform } = traces;
  if (platform === "win32") return detectOnWindows(traces);
  if (!environment.SHELL) throw unknownShell("unknown shell: the variable SHELL is not set");
  return shellNamed(environment.SHELL);
}

async function detectOnWindows({ environment, ancestorNames }: ShellTraces): Promise<Shell> {
  if (environment.__fish_bin_dir) return "fish";
  if (environment.SHELL) return shellNamed(environment.SHELL);
  if (environment.MSYSTEM) return "posix";
  for (const name of await ancestorNames()) {
    if (/powershell|pwsh/i.test(name)) return "powershell";
    if (/^cmd\b/i.test(name)) return "cmd";
  }
  // cmd sets PROMPT for the programs it starts, PowerShell does not.
  return environment.PROMPT ? "cmd" : "powershell";
}
