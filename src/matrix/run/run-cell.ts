import type { Context } from "../../core/context.ts";
import { createMachine } from "../../core/machine/create.ts";
import { type OpenMachine, openRecord } from "../../core/machine/open-machine.ts";
import type { Cell } from "../definition/matrix.ts";
import { outcomes } from "../report/outcome.ts";
import type { CellResult } from "../report/report.ts";
import { type CellMachine, requestFor } from "./cell-machine.ts";
import type { WatchCell } from "./cell-state.ts";
import { acceleratorIn, consoleIn } from "./console-evidence.ts";
import { disposeMachine } from "./dispose-machine.ts";
import type { Versions } from "./find-mislabelling.ts";
import { addSplats, type Findings, timed } from "./findings.ts";
import { tryOnMachine } from "./try-on-machine.ts";
import { type Verdict, verdictOnError } from "./verdict.ts";
import { verdictAfterError } from "./verdict-after-error.ts";
import { withExpectation } from "./with-expectation.ts";

export interface CellOptions extends CellMachine {
  /** Whether the machine of a cell that did not turn out as expected stays. */
  readonly keepsFailed: boolean;
  /** Whether the cell is not tried again when nothing is found out about it. */
  readonly isLastAttempt: boolean;
  readonly watch?: WatchCell | undefined;
  /** What the images hold that were made for the cell. */
  readonly built: Versions | undefined;
}

/**
 * Tries a cell on a machine of its own, which is gone afterwards, whatever happens.
 * @throws the signal's reason when aborted
 */
export async function runCell(
  context: Context,
  cell: Cell,
  options: CellOptions,
): Promise<CellResult> {
  const begun = performance.now();
  const startedAt = context.now().toISOString();
  const findings: Findings = { timings: {}, splats: [] };
  const request = requestFor(cell, options);
  let isKept = false;
  let verdict: Verdict;
  try {
    const found = await tryCell(context, cell, { ...options, request, findings });
    verdict = withExpectation(found, cell);
    isKept = isWorthKeeping(verdict, options) && !context.signal.aborted;
  } finally {
    const kept = await disposeMachine(context, request.name, isKept ? "keep" : "remove");
    if (kept) findings.machine = request.name;
  }
  const { timings, output = "", console = "", identity: _, ...found } = findings;
  return {
    ...{ cell: cell.id, workload: cell.workload.name, axes: cell.axes },
    ...verdict,
    ...(cell.xfail !== undefined && { xfail: cell.xfail }),
    ...{ attempts: 1, startedAt, ...found, splats: [...found.splats] },
    timings: { ...timings, totalMs: Math.round(performance.now() - begun) },
    ...{ output, console },
  };
}

/** One that did not turn out as expected, and is not tried again. */
function isWorthKeeping(
  { outcome }: Verdict,
  { keepsFailed, isLastAttempt }: CellOptions,
): boolean {
  const isFinal = isLastAttempt || outcome !== "infra";
  return keepsFailed && isFinal && outcomes[outcome].exitStatus !== 0;
}

interface Trial extends Pick<CellOptions, "names" | "built" | "watch"> {
  readonly request: ReturnType<typeof requestFor>;
  readonly findings: Findings;
}

async function tryCell(
  context: Context,
  cell: Cell,
  { request, findings, names, built, watch }: Trial,
): Promise<Verdict> {
  const { allowedSplats } = cell.workload;
  let machine: OpenMachine | undefined;
  try {
    watch?.(cell, { kind: "booting" });
    const record = await timed(findings, "bootMs", () => createMachine(context, request));
    machine = await openRecord(context, record);
    setAccelerator(findings, await machine.instance.accelerator?.());
    watch?.(cell, { kind: "running" });
    const labels = { ...names, axes: cell.axes, built };
    return await tryOnMachine(context, cell, { machine, findings, labels });
  } catch (error) {
    context.signal.throwIfAborted();
    if (machine === undefined) {
      setAccelerator(findings, acceleratorIn(error));
      findings.console = (consoleIn(error) ?? []).join("\n");
      addSplats(findings, findings.console, allowedSplats);
      return verdictOnError(error, { stage: "boot", splats: findings.splats });
    }
    return verdictAfterError(context, error, { machine, findings, allowedSplats });
  }
}

function setAccelerator(findings: Findings, accelerator: string | undefined): void {
  if (accelerator !== undefined) findings.accelerator = accelerator;
}
