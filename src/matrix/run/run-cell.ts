import { type Context, operationFor } from "../../core/context.ts";
import { askEngineVersion } from "../../core/engine/ask-engine.ts";
import { loadImage } from "../../core/engine/load-image.ts";
import { createMachine } from "../../core/machine/create.ts";
import { engineAddressOf, type OpenMachine, openRecord } from "../../core/machine/open-machine.ts";
import { messageOf } from "../../errors/message-of.ts";
import type { Session } from "../../ssh/session.ts";
import type { Cell } from "../definition/matrix.ts";
import type { CellResult } from "../report/report.ts";
import { type CellMachine, requestFor } from "./cell-machine.ts";
import { disposeMachine } from "./dispose-machine.ts";
import { findSplats } from "./find-splats.ts";
import { copyIntoGuest, openGuest, readKernelMessages, readKernelRelease } from "./guest.ts";
import { runWorkload } from "./run-workload.ts";
import {
  type Verdict,
  verdictOnError,
  verdictOnLoss,
  verdictOnRun,
  withExpectation,
} from "./verdict.ts";

export interface CellOptions extends CellMachine {
  /** Whether the machine of a cell that did not turn out as expected stays. */
  readonly keepsFailed: boolean;
}

/** As much of the console as a report holds. */
const consoleLines = 400;
const questionTimeoutMs = 60_000;
const loadTimeoutMs = 10 * 60_000;

/** What was found out about a cell so far; filled in as it goes, so that a failure keeps it. */
type Findings = Pick<
  Partial<CellResult>,
  "kernelRelease" | "engineVersion" | "accelerator" | "output" | "console" | "machine"
> & {
  readonly timings: { bootMs?: number; prepareMs?: number; workloadMs?: number };
  splats: string[];
};

/**
 * Tries a cell on a machine of its own, which is gone afterwards, whatever happens.
 * @throws the signal's reason when aborted; nothing else.
 */
export async function runCell(
  context: Context,
  cell: Cell,
  options: CellOptions,
): Promise<CellResult> {
  const begun = performance.now();
  const startedAt = context.now().toISOString();
  const findings: Mutable<Findings> = { timings: {}, splats: [] };
  const verdict = withExpectation(await tryCell(context, cell, { options, findings }), cell.xfail);
  const { timings, output = "", console = "", ...found } = findings;
  return {
    ...{ cell: cell.id, workload: cell.workload.name, axes: cell.axes },
    ...verdict,
    ...(cell.xfail !== undefined && { xfail: cell.xfail }),
    ...{ attempts: 1, startedAt, ...found },
    timings: { ...timings, totalMs: Math.round(performance.now() - begun) },
    ...{ output, console },
  };
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

interface Trial {
  readonly options: CellOptions;
  readonly findings: Mutable<Findings>;
}

async function tryCell(context: Context, cell: Cell, trial: Trial): Promise<Verdict> {
  const { findings } = trial;
  const request = requestFor(cell, trial.options);
  let machine: OpenMachine | undefined;
  let verdict: Verdict = { outcome: "infra", reason: "the cell was left" };
  try {
    const record = await timed(findings, "bootMs", () => createMachine(context, request));
    machine = await openRecord(context, record);
    verdict = await tryOnMachine(context, cell, { ...trial, machine });
  } catch (error) {
    context.signal.throwIfAborted();
    findings.console ??= await consoleAfter(error, machine);
    findings.splats = [...findSplats(findings.console, cell.workload.allowedSplats)];
    verdict = machine === undefined ? verdictOnError(error) : verdictOnLoss(error, findings.splats);
  } finally {
    await end(context, { ...trial, cell, name: request.name, verdict });
  }
  return verdict;
}

interface MachineTrial extends Trial {
  readonly machine: OpenMachine;
}

async function tryOnMachine(
  context: Context,
  cell: Cell,
  { machine, findings }: MachineTrial,
): Promise<Verdict> {
  const { record, instance } = machine;
  const { signal } = context;
  const { workload } = cell;
  const accelerator = await instance.accelerator?.();
  if (accelerator !== undefined) findings.accelerator = accelerator;
  await using guest = await openGuest(context, record);
  findings.kernelRelease = await readKernelRelease(guest, signal);
  const address = await engineAddressOf(context, record);
  const limits = { timeoutMs: questionTimeoutMs, signal };
  findings.engineVersion = await askEngineVersion(address, limits);
  await timed(findings, "prepareMs", async () => {
    await copyIntoGuest(guest, workload.copy, { machine: record.name, signal });
    for (const path of workload.load) {
      await loadImage(address, path, { timeoutMs: loadTimeoutMs, signal });
    }
  });
  const captured = await timed(findings, "workloadMs", () =>
    runWorkload(context, cell, { record, guest }),
  );
  findings.output = captured.output;
  const messages = await lastWords(context, machine, guest);
  findings.console = messages.console;
  findings.splats = [...findSplats(messages.all, workload.allowedSplats)];
  return verdictOnRun({
    ...{ captured, timeoutMs: workload.timeoutMs, splats: findings.splats },
    isUp: (await instance.power(operationFor(context))) === "running",
  });
}

/** The kernel's messages, from the guest while it answers; from the console in any case. */
async function lastWords(context: Context, { instance }: OpenMachine, guest: Session) {
  const messages = await readKernelMessages(guest, context.signal).catch((error: unknown) => {
    context.signal.throwIfAborted();
    return `[the kernel's messages cannot be read: ${messageOf(error)}]\n`;
  });
  const console = (await instance.consoleTail(consoleLines)).join("\n");
  return { console, all: `${messages}\n${console}` };
}

/** The console's end when something has failed: the machine's, or what the error has kept of one that is gone. */
async function consoleAfter(error: unknown, machine: OpenMachine | undefined): Promise<string> {
  if (machine !== undefined) return (await machine.instance.consoleTail(consoleLines)).join("\n");
  if (!(error instanceof Error) || !("context" in error)) return "";
  const { context } = error;
  const isThere = typeof context === "object" && context !== null && "console" in context;
  return isThere && Array.isArray(context.console) ? context.console.join("\n") : "";
}

async function end(
  context: Context,
  {
    options,
    findings,
    name,
    verdict,
  }: Trial & { readonly cell: Cell; readonly name: string; readonly verdict: Verdict },
): Promise<void> {
  const isKept = options.keepsFailed && verdict.outcome !== "pass" && !context.signal.aborted;
  const kept = await disposeMachine(context, name, isKept ? "keep" : "remove");
  if (kept) findings.machine = name;
}

async function timed<T>(
  { timings }: Pick<Findings, "timings">,
  what: "bootMs" | "prepareMs" | "workloadMs",
  action: () => Promise<T>,
): Promise<T> {
  const begun = performance.now();
  try {
    return await action();
  } finally {
    timings[what] = Math.round(performance.now() - begun);
  }
}
