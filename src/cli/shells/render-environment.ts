import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { type Dialect, dialects, type Shell } from "./dialects.ts";
import type { Variable } from "./docker-variables.ts";

export type EnvironmentChange =
  | { readonly action: "set"; readonly variables: readonly Variable[] }
  | { readonly action: "unset"; readonly names: readonly string[] };

export type RenderEnvironmentOptions = EnvironmentChange & {
  readonly shell: Shell;
  /** The command as the user gave it, program first, such as ["tsmachine", "env", "default"]. */
  readonly commandLine: readonly string[];
  /** True in a shell of MSYS2, such as Git Bash, which rewrites arguments of programs of Windows. */
  readonly convertsPaths?: boolean;
};

/**
 * What `env` prints: lines for the shell to evaluate, then two comment lines that say how.
 * Every value survives `eval "$(…)"` unchanged. The hint is docker-machine's, without the quotes:
 * there the shell folds runs of blanks and may take a lone * for a file name pattern.
 * @throws TsmachineError INVALID_INPUT when a value holds a line break: it would end the line.
 */
export function renderEnvironment(options: RenderEnvironmentOptions): string {
  const dialect = dialects[options.shell];
  const lines = [...changeLines(dialect, options), ...hintLines(dialect, options.commandLine)];
  if (options.convertsPaths && options.action === "set") lines.push(...pathLines(dialect));
  if (options.shell === "cmd" && /[^\0-\x7f]/.test(lines.join(""))) {
    lines.push(
      `${dialect.comment} For letters outside ASCII this console must read UTF-8: chcp 65001`,
    );
  }
  return [...lines, ""].join("\n");
}

function changeLines(dialect: Dialect, change: EnvironmentChange): string[] {
  switch (change.action) {
    case "set":
      return change.variables.map(({ name, value }) => dialect.set(name, oneLine(name, value)));
    case "unset":
      return change.names.map((name) => dialect.unset(name));
  }
}

function oneLine(name: string, value: string): string {
  if (!/[\0\n\r]/.test(value)) return value;
  throw new TsmachineError(
    "INVALID_INPUT",
    `value of ${name} holds a line break: ${JSON.stringify(value)}`,
    { hints: ["choose a store whose path has no line break: --storage-path PATH"] },
  );
}

function hintLines(dialect: Dialect, commandLine: readonly string[]): string[] {
  const words = commandLine.map((word) => (isOrdinary(word) ? word : dialect.quote(word)));
  return [
    // The blank before the line's end is docker-machine's.
    `${dialect.comment} Run this command to configure your shell: `,
    `${dialect.comment} ${dialect.evaluate(words.join(" "))}`,
  ];
}

/** Without it `docker run -v /c/Users:/app` gets C:/Program Files/Git/app. */
function pathLines({ comment }: Dialect): string[] {
  return [
    `${comment} This shell rewrites paths that begin with a slash, those of containers too. To keep it from that: `,
    `${comment} export MSYS_NO_PATHCONV=1 MSYS2_ARG_CONV_EXCL='*'`,
  ];
}

/** True for words that mean themselves in every shell. */
function isOrdinary(word: string): boolean {
  return /^[\w@+=:,./-]+$/.test(word);
}
