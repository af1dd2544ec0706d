import type { Context } from "../../core/context.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { Cell, Matrix } from "../definition/matrix.ts";
import type { CellResult } from "../report/report.ts";
import { type RunOptions, runMatrix } from "../run/run-matrix.ts";
import { type Behaviour, findChange } from "./find-change.ts";

export interface Bisection {
  /** What was tried, in the order of the candidates. */
  readonly results: readonly CellResult[];
  /** Absent where the first and the last candidate behave the same. */
  readonly change?: {
    readonly last: Cell;
    readonly first: Cell;
    /** What the first cell after the change does. */
    readonly behaviour: Behaviour;
  };
}

/**
 * Finds where in a row of cells, oldest first, a workload begins to fail, or to work.
 * @throws TsmachineError MATRIX_UNDECIDED when nothing is found out about a cell; those of runMatrix
 */
export async function bisectMatrix(
  context: Context,
  matrix: Matrix,
  options: RunOptions,
): Promise<Bisection> {
  const { cells } = matrix;
  const results = new Map<Cell, CellResult>();
  const cellAt = (index: number) => {
    const cell = cells[index];
    if (cell === undefined) throw new Error(`no candidate ${index}`);
    return cell;
  };
  const change = await findChange(cells.length, async (index) => {
    const cell = cellAt(index);
    const report = await runMatrix(context, { ...matrix, cells: [cell] }, options);
    const [result] = report.results;
    if (result === undefined) throw new Error(`no result of ${cell.id}`);
    results.set(cell, result);
    return behaviourIn(result);
  });
  return {
    results: cells.flatMap((cell) => results.get(cell) ?? []),
    ...(change && {
      change: {
        ...{ last: cellAt(change.last), first: cellAt(change.first) },
        behaviour: change.behaviour,
      },
    }),
  };
}

function behaviourIn({ cell, outcome, reason }: CellResult): Behaviour {
  switch (outcome) {
    case "pass":
    case "unexpected-pass":
      return "works";
    case "infra":
    case "not-run":
      throw new TsmachineError("MATRIX_UNDECIDED", `nothing is known of cell ${cell}: ${reason}`, {
        hints: ["mend what it names, then run the command again"],
        context: { cell },
      });
    default:
      return "fails";
  }
}
