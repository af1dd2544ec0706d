import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { run } from "../../../host/processes/run.ts";
import {
  windowsPowerShellPath,
  withoutModulePath,
} from "../../../host/processes/windows-powershell.ts";

/** Runs a program text of Windows PowerShell; what it printed, and how it ended. */
export type Shell = (text: string, limits: ShellLimits) => Promise<ShellResult>;

export interface ShellLimits {
  readonly signal: AbortSignal;
  /** Milliseconds. */
  readonly timeoutMs: number;
}

export interface ShellResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** Characters that Windows takes as a command line: the documentation of CreateProcessW. */
const longestCommandLine = 32_767;

/**
 * Windows PowerShell 5.1. The text goes in as -EncodedCommand, so that no rule of
 * quoting touches it.
 * @throws TsmachineError PROGRAM_MISSING, TIMEOUT; the signal's reason when aborted.
 */
export function windowsPowerShell(
  environment: Readonly<Record<string, string | undefined>>,
): Shell {
  const program = windowsPowerShellPath(environment);
  return async (text, { signal, timeoutMs }) => {
    const args = shellArguments(text);
    if (program.length + args.join(" ").length > longestCommandLine) {
      throw new TsmachineError("INVALID_INPUT", "the paths of the machine's files are too long", {
        hints: ["use a store with a shorter path: `--storage-path`"],
      });
    }
    return run(program, args, {
      ...{ signal, timeoutMs, acceptExitCodes: "all" },
      // PowerShell reads its input to the end before it ends itself: nodejs/node#52364.
      input: "",
      environment: withoutModulePath(environment),
    });
  };
}

export function shellArguments(text: string): readonly string[] {
  return [
    ...["-NoLogo", "-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass"],
    ...["-OutputFormat", "Text", "-EncodedCommand", encodeCommand(text)],
  ];
}

/** about_PowerShell_exe, "-EncodedCommand": base64 of UTF-16LE. */
function encodeCommand(text: string): string {
  return Buffer.from(text, "utf16le").toString("base64");
}
