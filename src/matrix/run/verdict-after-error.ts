import type { Context } from "../../core/context.ts";
import type { OpenMachine } from "../../core/machine/open-machine.ts";
import { hearLastWords } from "./aftermath.ts";
import { addSplats, type Findings, isRunning, noteConsole } from "./findings.ts";
import { openGuest } from "./guest.ts";
import { type Verdict, verdictOnError } from "./verdict.ts";

/** Less than after a workload: of most errors the kernel is no cause. */
const returnTimeoutMs = 60_000;

export interface Aftermath {
  readonly machine: OpenMachine;
  readonly findings: Findings;
  readonly allowedSplats: readonly string[];
}

/** The verdict on a cell that an error ended on a machine that was up: what its kernel has said may explain the error. */
export async function verdictAfterError(
  context: Context,
  error: unknown,
  { machine, findings, allowedSplats }: Aftermath,
): Promise<Verdict> {
  // A guest that nobody could log in to is not asked.
  if (findings.kernelRelease !== undefined) {
    const guest = { login: openGuest, timeoutMs: returnTimeoutMs };
    const { messages } = await hearLastWords(context, machine, guest);
    if ("text" in messages) addSplats(findings, messages.text, allowedSplats);
  }
  await noteConsole(findings, machine.instance, allowedSplats);
  const isUp = await isRunning(context, machine.instance);
  return verdictOnError(error, { stage: "up", splats: findings.splats, isUp });
}
