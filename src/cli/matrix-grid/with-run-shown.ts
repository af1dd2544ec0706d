import type { Context } from "../../core/context.ts";
import type { Cell } from "../../matrix/definition/matrix.ts";
import type { WatchCell } from "../../matrix/run/cell-state.ts";
import type { Cli } from "../cli.ts";
import { plainProgress } from "../tasks/plain-progress.ts";
import { isTerminal, progressStyle } from "../tasks/progress-style.ts";

/** Narrower than this a grid says nothing, nor do lines that are cut off. */
const narrowest = 40;

/** What a run is given so that it is seen. */
export interface ShownRun {
  readonly context: Context;
  /** Undefined where steps say it all. */
  readonly watch: WatchCell | undefined;
}

/**
 * Runs `action` so that people see how far its cells have come: as a grid on a terminal, by the steps of the context
 * elsewhere, in a CI, and with --quiet and --debug.
 */
export async function withRunShown<T>(
  { output, environment, globals }: Pick<Cli, "output" | "environment" | "globals">,
  { context, cells }: { readonly context: Context; readonly cells: readonly Cell[] },
  action: (shown: ShownRun) => Promise<T>,
): Promise<T> {
  const stream = output.stderr;
  const style = progressStyle({ ...globals, stream, environment });
  if (style !== "live" || !isTerminal(stream) || isCi(environment)) {
    return action({ context, watch: undefined });
  }
  const now = () => performance.now();
  if (stream.columns < narrowest) {
    return action({
      context: { ...context, progress: plainProgress({ stream, now }) },
      watch: undefined,
    });
  }
  // Loaded only where it draws, as listr2 is.
  const [{ withLiveGrid }, { paintFor }] = await Promise.all([
    import("./live-grid.ts"),
    import("./paint.ts"),
  ]);
  const terminal = { stream, now, paint: paintFor(stream, environment) };
  return withLiveGrid(terminal, { cells, signal: context.signal }, ({ progress, watch }) =>
    action({ context: { ...context, progress }, watch }),
  );
}

/** CI systems set it, and keep what is printed as a log, some of them on a terminal. */
function isCi({ CI }: Readonly<Record<string, string | undefined>>): boolean {
  return CI !== undefined && !["", "0", "false"].includes(CI);
}
