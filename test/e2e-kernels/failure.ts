import * as z from "zod";
import type { RunResult } from "../../src/host/processes/run.ts";

const reportSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** An error whose message is what a command says is wrong, or the last line of what it printed. */
export function failureOf(command: string, { stderr, exitCode }: RunResult): Error {
  const lines = stderr.trim().split("\n");
  const line = lines.find((one) => /^\S+: error: /.test(one)) ?? lines.at(-1) ?? "";
  return new Error(`${command} ended with ${exitCode}: ${textOf(line)}`, { cause: stderr });
}

/** With --json a command says in JSON what is wrong. */
function textOf(line: string): string {
  if (!line.startsWith("{")) return line;
  const { data } = reportSchema.safeParse(JSON.parse(line));
  return data === undefined ? line : `${data.error.message} [${data.error.code}]`;
}
