import { gridsOf, tally } from "../../matrix/report/grid.ts";
import { outcomes } from "../../matrix/report/outcome.ts";
import { onOneLine } from "../output/table.ts";
import type { ShownCell } from "./board.ts";
import { clock, lookOf } from "./cell-look.ts";
import { cutTo } from "./columns.ts";
import { gridsInSigns, gridsInWords, lineCountOf } from "./draw-grid.ts";
import type { Paint } from "./paint.ts";

export interface Frame {
  readonly cells: readonly ShownCell[];
  readonly elapsedMs: number;
  /** What the run does beside its cells; see StepLine. */
  readonly step: string | undefined;
  /** Whether the run was interrupted, and only removes its machines. */
  readonly isEnding: boolean;
}

export interface Space {
  readonly columns: number;
  readonly rows: number;
}

/**
 * The lines of a run's display, none wider and all together no higher than the terminal: a grid in words where it has
 * room, else in signs, else a list of the cells that say something; then what is prepared, and a summary.
 */
export function drawFrame(frame: Frame, terminal: Space, paint: Paint): string[] {
  // What reaches the last column makes some terminals begin a new line, and below the last line the cursor stands.
  const space = { columns: terminal.columns - 1, rows: terminal.rows - 1 };
  const { step, cells } = frame;
  const foot = [
    ...(step === undefined ? [] : [paint("busy", cutTo(space.columns, onOneLine(step)))]),
    cutTo(space.columns, summaryOf(frame)),
  ];
  // Also without a step, so that the form does not change with it.
  const room = { ...space, rows: space.rows - footRows };
  const grids = gridsOf({ results: cells });
  // Those that are too high are not even drawn: a matrix may have thousands of cells.
  for (const draw of lineCountOf(grids) > room.rows ? [] : [gridsInWords, gridsInSigns]) {
    const { lines, columns } = draw(grids, paint);
    if (lines.length <= room.rows && columns <= room.columns) return [...lines, ...foot];
  }
  return [...tellingCells(cells, room, paint), ...foot].slice(-Math.max(1, space.rows));
}

/** The step and the summary. */
const footRows = 2;

/** Cells under way, and then those that ended worse than expected, as many as there is room for. */
function tellingCells(cells: readonly ShownCell[], { columns, rows }: Space, paint: Paint) {
  const telling = [
    ...cells.filter(({ state }) => state.kind !== "waiting" && state.kind !== "ended"),
    ...cells.filter(({ state }) => state.kind === "ended" && isBad(state.outcome)),
  ];
  const shown = telling.length <= rows ? telling : telling.slice(0, Math.max(0, rows - 1));
  const lines = shown.map((cell) => {
    const { sign, words, tone } = lookOf(cell);
    return paint(tone, cutTo(columns, onOneLine(`${sign} ${cell.id} ${cell.workload} ${words}`)));
  });
  if (shown.length === telling.length) return lines;
  const rest = cutTo(columns, `and ${telling.length - shown.length} more`);
  return [...lines, paint("idle", rest)];
}

function isBad(outcome: keyof typeof outcomes): boolean {
  return outcome !== "not-run" && outcomes[outcome].exitStatus !== 0;
}

/** "3 of 12 cells done in 1:05: 2 pass, 1 fail" */
function summaryOf({ cells, elapsedMs, isEnding }: Frame): string {
  const ended = cells.flatMap(({ state }) => (state.kind === "ended" ? [state] : []));
  const counts = tally({ results: ended }).map(({ outcome, count }) => `${count} ${outcome}`);
  const done = `${ended.length} of ${cells.length} cells done in ${clock(elapsedMs)}`;
  const sums = counts.length === 0 ? "" : `: ${counts.join(", ")}`;
  return isEnding ? `${done}${sums}; cancelled, removing machines` : `${done}${sums}`;
}
