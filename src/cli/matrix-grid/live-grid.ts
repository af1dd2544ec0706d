import { createLogUpdate } from "log-update";
import type { Context } from "../../core/context.ts";
import type { Cell } from "../../matrix/definition/matrix.ts";
import { trialTitle, type WatchCell } from "../../matrix/run/cell-state.ts";
import { createBoard } from "./board.ts";
import { drawFrame } from "./draw-frame.ts";
import type { Paint } from "./paint.ts";
import { stepLine } from "./step-line.ts";

/** Often enough for seconds; a frame that is as the one before is not written. */
const refreshEveryMs = 500;
const usualRows = 24;

export interface GridTerminal {
  readonly stream: NodeJS.WriteStream;
  readonly paint: Paint;
  /** Milliseconds on a clock that never goes back. */
  now(): number;
}

export interface GridOf {
  readonly cells: readonly Cell[];
  /** Aborted once the run is cancelled, which is then said. */
  readonly signal: AbortSignal;
}

/**
 * Runs `action` while a grid of the cells is redrawn in place. It stays as it is in the end, and the cursor is back,
 * whatever happens; log-update sees to that also when the process exits meanwhile.
 */
export async function withLiveGrid<T>(
  { stream, paint, now }: GridTerminal,
  { cells, signal }: GridOf,
  action: (shown: Pick<Context, "progress"> & { readonly watch: WatchCell }) => Promise<T>,
): Promise<T> {
  const board = createBoard(cells, now);
  const steps = stepLine(now, new Set(cells.map(trialTitle)));
  const update = createLogUpdate(stream);
  const redraw = () => {
    const frame = {
      ...{ cells: board.cells(), elapsedMs: board.elapsedMs() },
      ...{ step: steps.text(), isEnding: signal.aborted },
    };
    const { columns, rows = usualRows } = stream;
    update(drawFrame(frame, { columns, rows }, paint).join("\n"));
  };
  redraw();
  const timer = setInterval(redraw, refreshEveryMs);
  timer.unref();
  stream.on("resize", redraw);
  try {
    return await action({ progress: steps.progress, watch: board.watch });
  } finally {
    clearInterval(timer);
    stream.off("resize", redraw);
    redraw();
    update.done();
  }
}
