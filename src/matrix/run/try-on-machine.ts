import type { Context } from "../../core/context.ts";
import { askEngineVersion, type EngineAddress, pingEngine } from "../../core/engine/ask-engine.ts";
import { loadImage } from "../../core/engine/load-image.ts";
import { engineAddressOf, type OpenMachine } from "../../core/machine/open-machine.ts";
import type { Cell } from "../definition/matrix.ts";
import { fateOf, hearLastWords, isEngineEnded } from "./aftermath.ts";
import { findMislabelling, type Labels } from "./find-mislabelling.ts";
import { addSplats, type Findings, noteConsole, timed } from "./findings.ts";
import { copyIntoGuest, openGuest, readIdentity, readKernelRelease } from "./guest.ts";
import { runWorkload } from "./run-workload.ts";
import type { Verdict } from "./verdict.ts";
import { verdictOnRun } from "./verdict-on-run.ts";

const questionTimeoutMs = 60_000;
const pingTimeoutMs = 10_000;
const loadTimeoutMs = 10 * 60_000;

export interface MachineTrial {
  readonly machine: OpenMachine;
  readonly findings: Findings;
  /** What the machine has to be. */
  readonly labels: Labels;
}

/**
 * Runs the cell's workload on a machine that is up, and looks at what has become of both. On a machine that is not what
 * the cell is called by nothing is run, and nothing is known of the cell.
 * @throws TsmachineError of openGuest, askEngineVersion, copyIntoGuest, loadImage and runWorkload
 */
export async function tryOnMachine(
  context: Context,
  cell: Cell,
  { machine, findings, labels }: MachineTrial,
): Promise<Verdict> {
  const { record, instance } = machine;
  const { signal } = context;
  const { workload } = cell;
  await using session = await openGuest(context, record);
  const kernelRelease = await readKernelRelease(session, signal);
  findings.kernelRelease = kernelRelease;
  const identity = await readIdentity(session, signal);
  findings.identity = identity;
  const address = await engineAddressOf(context, record);
  const engineVersion = await askEngineVersion(address, { timeoutMs: questionTimeoutMs, signal });
  findings.engineVersion = engineVersion;
  const mislabelling = findMislabelling({ kernelRelease, engineVersion }, labels);
  if (mislabelling !== undefined) {
    await noteConsole(findings, instance, workload.allowedSplats);
    return { outcome: "infra", reason: mislabelling };
  }
  await timed(findings, "prepareMs", async () => {
    await copyIntoGuest(session, workload.copy, { machine: record.name, signal });
    for (const path of workload.load) {
      await loadImage(address, path, { timeoutMs: loadTimeoutMs, signal });
    }
  });
  const captured = await timed(findings, "workloadMs", () =>
    runWorkload(context, cell, { record, guest: session }),
  );
  findings.output = captured.output;
  const isAnswering = await answersAfter(captured, address, signal);
  const words = await hearLastWords(context, machine, { session, login: openGuest });
  const { messages } = words;
  if ("text" in messages) addSplats(findings, messages.text, workload.allowedSplats);
  const console = await noteConsole(findings, instance, workload.allowedSplats);
  const fate = await fateOf(context, machine, {
    bootIds: [identity.bootId, words.bootId],
    console,
  });
  return verdictOnRun({
    ...{ captured, timeoutMs: workload.timeoutMs, splats: findings.splats, fate },
    isEngineUp: isAnswering && !isEngineEnded(identity, words),
    unheard: "problem" in messages ? messages.problem : undefined,
  });
}

/** Whether the engine still answers, where the workload's end makes that a question. */
async function answersAfter(
  { exitStatus }: { readonly exitStatus: number | undefined },
  address: EngineAddress,
  signal: AbortSignal,
): Promise<boolean> {
  if (exitStatus === undefined || exitStatus === 0) return true;
  return (await pingEngine(address, { timeoutMs: pingTimeoutMs, signal })) !== undefined;
}
