import type { Cell } from "../definition/matrix.ts";
import type { Outcome } from "../report/outcome.ts";

/**
 * How far a cell has come. "preparing": its turn has come, and its images are waited for. "booting": until its engine
 * answers. "running": files are copied and images loaded, and the workload runs.
 */
export type CellState =
  | { readonly kind: "preparing" | "booting" | "running" }
  | { readonly kind: "ended"; readonly outcome: Outcome };

/**
 * Told of each change as it happens. A cell of which nothing was said waits for its turn; one that is tried again boots
 * again. Must not throw.
 */
export type WatchCell = (cell: Cell, state: CellState) => void;

/** The title of the step that tries the cell, by which whoever shows cells by themselves leaves it out. */
export function trialTitle({ id, workload }: Cell): string {
  return `Trying ${id} ${workload.name}`;
}
