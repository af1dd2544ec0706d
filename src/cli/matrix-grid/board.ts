import type { Cell } from "../../matrix/definition/matrix.ts";
import type { Placed } from "../../matrix/report/grid.ts";
import type { CellState, WatchCell } from "../../matrix/run/cell-state.ts";

/** A cell as it is shown. */
export interface ShownCell extends Placed {
  /** See cellId. */
  readonly id: string;
  readonly state: CellState | { readonly kind: "waiting" };
  /** How long it is in that state. */
  readonly forMs: number;
}

/** What is known of all cells of a run while it goes on. */
export interface Board {
  readonly watch: WatchCell;
  /** In the order of the cells. */
  cells(): readonly ShownCell[];
  /** Since the board was made. */
  elapsedMs(): number;
}

/** @param now milliseconds on a clock that never goes back */
export function createBoard(cells: readonly Cell[], now: () => number): Board {
  const startedAt = now();
  const waiting = { state: { kind: "waiting" }, since: startedAt } as const;
  const known = new Map<Cell, { readonly state: CellState; readonly since: number }>();
  return {
    watch: (cell, state) => void known.set(cell, { state, since: now() }),
    cells: () =>
      cells.map((cell) => {
        const { state, since } = known.get(cell) ?? waiting;
        const { id, axes, workload } = cell;
        return { id, axes, workload: workload.name, state, forMs: now() - since };
      }),
    elapsedMs: () => now() - startedAt,
  };
}
