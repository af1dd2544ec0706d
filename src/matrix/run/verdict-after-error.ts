import type { Context } from "../../core/context.ts";
import { pingEngine } from "../../core/engine/ask-engine.ts";
import { engineAddressOf, type OpenMachine } from "../../core/machine/open-machine.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { hearLastWords, isEngineEnded, type LastWords } from "./aftermath.ts";
import { addSplats, type Findings, isRunning, noteConsole } from "./findings.ts";
import { openGuest } from "./guest.ts";
import { type Verdict, verdictOnError } from "./verdict.ts";

/** Less than after a workload: of most errors the kernel is no cause. */
const returnTimeoutMs = 60_000;
const pingTimeoutMs = 10_000;

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
  // Asked first: an engine that has ended is started again.
  const isAnswering = await isEngineAnswering(context, error, machine);
  // A guest that nobody could log in to is not asked.
  const guest = { login: openGuest, timeoutMs: returnTimeoutMs };
  const words =
    findings.kernelRelease === undefined ? undefined : await hearLastWords(context, machine, guest);
  if (words !== undefined && "text" in words.messages) {
    addSplats(findings, words.messages.text, allowedSplats);
  }
  await noteConsole(findings, machine.instance, allowedSplats);
  const isUp = await isRunning(context, machine.instance);
  const isEngineUp = isAnswering && !isAnother(findings, words);
  return verdictOnError(error, { stage: "up", splats: findings.splats, isUp, isEngineUp });
}

/** Yes for errors of which the engine is no cause. */
async function isEngineAnswering(
  context: Context,
  error: unknown,
  { record }: OpenMachine,
): Promise<boolean> {
  if (!(error instanceof TsmachineError && error.code === "ENGINE_UNREACHABLE")) return true;
  const address = await engineAddressOf(context, record);
  const limits = { timeoutMs: pingTimeoutMs, signal: context.signal };
  return (await pingEngine(address, limits)) !== undefined;
}

/** Whether the engine has ended and was started again, by a kernel that was not. */
function isAnother({ identity }: Findings, words: LastWords | undefined): boolean {
  if (identity === undefined || words === undefined) return false;
  return identity.bootId === words.bootId && isEngineEnded(identity, words);
}
