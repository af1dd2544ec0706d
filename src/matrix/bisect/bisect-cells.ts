import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { Cell } from "../definition/matrix.ts";
import type { CellResult } from "../report/report.ts";
import { type Behaviour, findChange } from "./find-change.ts";

/** Raised by every change that older readers would misread. */
export const bisectionSchemaVersion = 1;

/** What `matrix bisect --json` prints; see docs/matrix.md. */
export interface Bisection {
  readonly schemaVersion: typeof bisectionSchemaVersion;
  /** What was tried, in the order of the candidates. */
  readonly results: readonly CellResult[];
  /** Absent where the first and the last candidate behave the same. */
  readonly change?: {
    readonly last: CellAtChange;
    readonly first: CellAtChange;
    /** What the first cell after the change does. */
    readonly behaviour: Behaviour;
  };
}

/** Why a cell counts as one that works or fails: a kernel that does not come up fails otherwise than a test. */
export type CellAtChange = Pick<CellResult, "cell" | "outcome" | "reason">;

/**
 * Finds where in a row of cells, oldest first, a workload begins to fail, or to work.
 * @throws TsmachineError MATRIX_UNDECIDED when nothing is found out about a cell; those of tryCell
 */
export async function bisectCells(
  cells: readonly Cell[],
  tryCell: (cell: Cell) => Promise<CellResult>,
): Promise<Bisection> {
  const results = new Map<number, CellResult>();
  const change = await findChange(cells.length, async (index) => {
    const cell = cells[index];
    if (cell === undefined) throw new Error(`no candidate ${index}`);
    const result = await tryCell(cell);
    results.set(index, result);
    return behaviourIn(result);
  });
  const atChange = (index: number): CellAtChange => {
    const result = results.get(index);
    if (result === undefined) throw new Error(`candidate ${index} was not tried`);
    const { cell, outcome, reason } = result;
    return { cell, outcome, reason };
  };
  return {
    schemaVersion: bisectionSchemaVersion,
    results: cells.flatMap((_, index) => results.get(index) ?? []),
    ...(change && {
      change: {
        ...{ last: atChange(change.last), first: atChange(change.first) },
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
