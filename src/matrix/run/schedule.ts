import pLimit from "p-limit";
import type { Context } from "../../core/context.ts";
import type { Cell } from "../definition/matrix.ts";
import { isFailure, type Outcome, outcomes } from "../report/outcome.ts";
import type { CellResult } from "../report/report.ts";
import { trialTitle, type WatchCell } from "./cell-state.ts";
import type { Images } from "./prepare-images.ts";
import { resultWithoutMachine } from "./result-without-machine.ts";
import { verdictOnError } from "./verdict.ts";
import { withExpectation } from "./with-expectation.ts";

/** A cell of which nothing is known is tried again that often. */
const maxAttempts = 2;

/** Tries a cell once. @throws the signal's reason when aborted */
export type TryCell = (
  context: Context,
  cell: Cell,
  attempt: { readonly isLastAttempt: boolean },
) => Promise<CellResult>;

export interface Schedule {
  /** How many cells at once. */
  readonly jobs: number;
  /** Whether the first cell that does not turn out as expected ends the run. */
  readonly failsFast: boolean;
  readonly images: Pick<Images, "readyFor" | "releaseOf" | "close">;
  readonly tryCell: TryCell;
  readonly watch?: WatchCell | undefined;
}

/**
 * Tries all cells, several at once, each when its images are there; the results are in the order of the cells. When
 * aborted, it throws the signal's reason once all cells that were begun have ended.
 */
export async function runSchedule(
  context: Context,
  cells: readonly Cell[],
  schedule: Schedule,
): Promise<readonly CellResult[]> {
  const { jobs, failsFast, images, watch } = schedule;
  const limit = pLimit(jobs);
  const run = { isOver: false };
  const settled = await Promise.allSettled(
    cells.map((cell) =>
      limit(async () => {
        const isOver = run.isOver || context.signal.aborted;
        const result = isOver
          ? notRun(cell)
          : withKernel(
              await runInTurn(context, cell, { ...schedule, run }),
              images.releaseOf(cell),
            );
        watch?.(cell, { kind: "ended", outcome: result.outcome });
        // What is not there yet nobody waits for any more.
        if (failsFast && isFailure(result.outcome)) {
          run.isOver = true;
          await images.close();
        }
        return result;
      }),
    ),
  );
  context.signal.throwIfAborted();
  // A failure of ours in one cell is no reason to lose what was found out about the others.
  return settled.flatMap((one, index) => {
    if (one.status === "fulfilled") return one.value;
    return cells.slice(index, index + 1).map((cell) => failed(cell, one.reason));
  });
}

/** A cell once its images are there, and once more when nothing was found out about it. */
async function runInTurn(
  context: Context,
  cell: Cell,
  { images, tryCell, run, watch }: Schedule & { readonly run: { readonly isOver: boolean } },
): Promise<CellResult> {
  watch?.(cell, { kind: "preparing" });
  try {
    await images.readyFor(cell);
  } catch (error) {
    context.signal.throwIfAborted();
    return run.isOver ? notRun(cell) : failed(cell, error);
  }
  for (let attempts = 1; ; attempts += 1) {
    const isLastAttempt = attempts === maxAttempts;
    const result = await context.progress.step(trialTitle(cell), async (step) => {
      const found = await tryCell({ ...context, progress: step }, cell, { isLastAttempt });
      step.conclude(found.outcome);
      return found;
    });
    if (result.outcome !== "infra" || isLastAttempt) return { ...result, attempts };
  }
}

/** Also a kernel that never said which it is has its configuration in the report. */
function withKernel(result: CellResult, release: string | undefined): CellResult {
  const isKnown = release === undefined || release === result.kernelRelease;
  return isKnown ? result : { ...result, kernelConfig: release };
}

function notRun(cell: Cell): CellResult {
  const outcome: Outcome = "not-run";
  return resultWithoutMachine(cell, { outcome, reason: outcomes[outcome].meaning });
}

/** What is said of a cell whose images were not made. */
function failed(cell: Cell, error: unknown): CellResult {
  const verdict = withExpectation(verdictOnError(error, { stage: "images" }), cell);
  return resultWithoutMachine(cell, verdict);
}
