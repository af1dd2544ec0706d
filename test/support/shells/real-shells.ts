import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { Shell } from "../../../src/cli/shells/dialects.ts";
import { run } from "../../../src/host/processes/run.ts";

/** A shell program that tests really run, and how it evaluates text as a user would. */
export interface RealShell {
  readonly program: string;
  readonly shell: Shell;
  /** Arguments that run `script`, with no start-up files. */
  argumentsFor(script: string): string[];
  /** A script that runs the hint's line and then prints all variables, each ended by NUL. */
  thenPrintVariables(hint: string): string;
}

const printVariables = "env -0";
const startsWith =
  (...flags: string[]) =>
  (script: string) => [...flags, script];
const inTwoCommands = (hint: string) => `${hint}\n${printVariables}`;

export const realShells: readonly RealShell[] = [
  ...["bash", "sh", "dash", "zsh"].map((program) => ({
    program,
    shell: "posix" as const,
    argumentsFor: startsWith(...(program === "zsh" ? ["-f"] : []), "-c"),
    thenPrintVariables: inTwoCommands,
  })),
  {
    program: "fish",
    shell: "fish",
    argumentsFor: startsWith("--no-config", "-c"),
    thenPrintVariables: inTwoCommands,
  },
  {
    program: "tcsh",
    shell: "tcsh",
    argumentsFor: startsWith("-f", "-c"),
    thenPrintVariables: inTwoCommands,
  },
  {
    program: "pwsh",
    shell: "powershell",
    argumentsFor: startsWith("-NoProfile", "-NonInteractive", "-Command"),
    thenPrintVariables: inTwoCommands,
  },
  {
    program: "emacs",
    shell: "emacs",
    argumentsFor: startsWith("--batch", "--quick", "--eval"),
    thenPrintVariables: (hint) =>
      `(progn (set-language-environment "UTF-8") ${hint} (princ (mapconcat #'identity process-environment "\\0")))`,
  },
];

export function isOnPath(program: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * The variables that the shell hands to programs after it has evaluated `hint`.
 * @param cwd where it runs; unquoted, as hints are, a pattern becomes the files there that fit it
 */
export async function variablesAfter(
  { program, argumentsFor, thenPrintVariables }: RealShell,
  hint: string,
  { environment, cwd }: { environment: Readonly<Record<string, string>>; cwd?: string },
): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await run(program, argumentsFor(thenPrintVariables(hint)), {
    environment,
    ...(cwd !== undefined && { cwd }),
  });
  const variables = stdout.split("\0").map((text): [string, string] => {
    const equals = text.indexOf("=");
    return [text.slice(0, equals), text.slice(equals + 1)];
  });
  return new Map(variables);
}
