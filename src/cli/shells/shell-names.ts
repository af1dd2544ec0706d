import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { Shell } from "./dialects.ts";

const shellByName: ReadonlyMap<string, Shell> = new Map([
  ...["bash", "zsh", "sh", "dash", "ash", "busybox", "ksh", "ksh93", "mksh", "rbash", "yash"].map(
    (name) => [name, "posix"] as const,
  ),
  ["fish", "fish"],
  ["powershell", "powershell"],
  ["pwsh", "powershell"],
  ["cmd", "cmd"],
  ["tcsh", "tcsh"],
  ["csh", "tcsh"],
  ["emacs", "emacs"],
]);

/** What `--shell` is documented to accept; other shells of the same families work too. */
export const documentedShellNames = [
  "bash",
  "zsh",
  "sh",
  "fish",
  "powershell",
  "cmd",
  "tcsh",
  "emacs",
] as const;

/**
 * The family of a shell given by name or path, such as "zsh" or "C:\\Git\\usr\\bin\\bash.exe".
 * @throws TsmachineError SHELL_UNKNOWN
 */
export function shellNamed(nameOrPath: string): Shell {
  const name = nameOrPath
    .replace(/^.*[/\\]/, "")
    .replace(/\.exe$/i, "")
    .toLowerCase();
  const shell = shellByName.get(name);
  if (shell === undefined) throw unknownShell(`unknown shell "${name}"`);
  return shell;
}

export function unknownShell(message: string): TsmachineError {
  return new TsmachineError("SHELL_UNKNOWN", message, {
    hints: [`name the shell with --shell; it is one of ${documentedShellNames.join(", ")}`],
  });
}
