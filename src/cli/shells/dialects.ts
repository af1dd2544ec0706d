import {
  quoteForCmd,
  quoteForEmacs,
  quoteForFish,
  quoteForPosix,
  quoteForPowershell,
  quoteForTcsh,
} from "./quote.ts";

/** How one family of shells says what `env` has to say. Lines come without their newline. */
export interface Dialect {
  set(name: string, value: string): string;
  unset(name: string): string;
  /** What makes the rest of a line harmless. */
  readonly comment: string;
  /** The line that runs `commandLine` and evaluates its output in the running shell. */
  evaluate(commandLine: string): string;
  quote(word: string): string;
}

const posix: Dialect = {
  set: (name, value) => `export ${name}=${quoteForPosix(value)}`,
  unset: (name) => `unset ${name}`,
  comment: "#",
  evaluate: (commandLine) => `eval $(${commandLine})`,
  quote: quoteForPosix,
};

const fish: Dialect = {
  set: (name, value) => `set -gx ${name} ${quoteForFish(value)};`,
  unset: (name) => `set -e ${name};`,
  comment: "#",
  evaluate: (commandLine) => `eval (${commandLine})`,
  quote: quoteForFish,
};

const powershell: Dialect = {
  set: (name, value) => `$Env:${name} = ${quoteForPowershell(value)}`,
  unset: (name) => `Remove-Item Env:\\\\${name}`,
  comment: "#",
  evaluate: (commandLine) => `& ${commandLine} | Invoke-Expression`,
  quote: quoteForPowershell,
};

const cmd: Dialect = {
  // FOR puts the whole line in place of %i after cmd has looked for special characters and
  // percent signs, so the value is taken as it is and quotes would become part of it.
  set: (name, value) => `SET ${name}=${value}`,
  unset: (name) => `SET ${name}=`,
  comment: "REM",
  evaluate: (commandLine) => `\t@FOR /f "tokens=*" %i IN ('${commandLine}') DO @%i`,
  quote: quoteForCmd,
};

const tcsh: Dialect = {
  set: (name, value) => `setenv ${name} ${quoteForTcsh(value)};`,
  unset: (name) => `unsetenv ${name};`,
  comment: ":",
  evaluate: (commandLine) => `eval \`${commandLine}\``,
  quote: quoteForTcsh,
};

const emacs: Dialect = {
  set: (name, value) => `(setenv "${name}" ${quoteForEmacs(value)})`,
  unset: (name) => `(setenv "${name}" nil)`,
  comment: ";;",
  evaluate: (commandLine) =>
    `(with-temp-buffer (shell-command ${quoteForEmacs(commandLine)} (current-buffer)) (eval-buffer))`,
  quote: quoteForPosix,
};

export const dialects = { posix, fish, powershell, cmd, tcsh, emacs } as const;

/** A family of shells that understand the same lines. */
export type Shell = keyof typeof dialects;
