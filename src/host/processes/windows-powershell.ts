import { win32 } from "node:path";
import { type RunOptions, type RunResult, run } from "./run.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The program of Windows PowerShell 5.1, which every Windows has. It is given by its path: Windows looks for a
 * bare name in the current folder first, where anybody may have put another program.
 */
export function windowsPowerShellPath(environment: Environment): string {
  const root = environment.SystemRoot ?? environment.SYSTEMROOT ?? "C:\\Windows";
  return win32.join(root, "System32", "WindowsPowerShell", "v1.0", "powershell.exe");
}

/** The environment but for what PowerShell 7 hands down: folders in which 5.1 finds modules that it cannot load. */
export function withoutModulePath(environment: Environment): Environment {
  return { ...environment, PSModulePath: undefined };
}

/** Runs one constant command of Windows PowerShell. @throws TsmachineError as `run` */
export function runWindowsPowerShell(
  command: string,
  options: Omit<RunOptions, "input"> & { readonly environment: Environment },
): Promise<RunResult> {
  const { environment } = options;
  const args = ["-NoProfile", "-NonInteractive", "-Command", command];
  return run(windowsPowerShellPath(environment), args, {
    ...options,
    environment: withoutModulePath(environment),
  });
}
