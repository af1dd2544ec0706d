import type { RunResult } from "../../src/host/run.ts";

/** An error whose message is what a command says is wrong, or the last line of what it printed. */
export function failureOf(command: string, { stderr, exitCode }: RunResult): Error {
  const lines = stderr.trim().split("\n");
  const line = lines.find((one) => /^\S+: error: /.test(one)) ?? lines.at(-1) ?? "";
  return new Error(`${command} ended with ${exitCode}: ${line}`, { cause: stderr });
}
