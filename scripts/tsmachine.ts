// The program that was built, as a user would call it.
import { execPath } from "node:process";
import * as z from "zod";
import { type RunResult, run } from "../src/host/processes/run.ts";
import { runAttached } from "../src/host/processes/run-attached.ts";

const program = "bin/tsmachine";

/** Runs it on this process's own terminal or pipes. @returns its exit status */
export function runTsmachine(...args: string[]): Promise<number> {
  return runAttached(execPath, [program, ...args]);
}

const findingSchema = z.object({
  check: z.string(),
  verdict: z.enum(["ok", "advice", "problem"]),
  found: z.string(),
  remedy: z.string().default("see `tsmachine doctor`"),
});

export type Finding = z.infer<typeof findingSchema>;

/** What its doctor says about QEMU on this host. */
export async function examineQemu(signal: AbortSignal): Promise<Finding> {
  const { stdout } = await askTsmachine(["doctor", "--json"], signal);
  const findings = z.array(findingSchema).parse(JSON.parse(stdout));
  const finding = findings.find(({ check }) => check === "provider kvm");
  if (finding === undefined) throw new Error("tsmachine doctor does not check provider kvm");
  return finding;
}

/** The machine's status in the words of `tsmachine status`; undefined when there is no such machine. */
export async function statusOfMachine(
  name: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { stdout, exitCode } = await askTsmachine(["status", name], signal);
  return exitCode === 0 ? stdout.trim() : undefined;
}

/** What it prints, whatever its exit status. */
function askTsmachine(args: readonly string[], signal: AbortSignal): Promise<RunResult> {
  return run(execPath, [program, ...args], { signal, acceptExitCodes: "all" });
}
