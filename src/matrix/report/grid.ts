import { type Axes, cellId } from "../definition/axes.ts";
import { type Outcome, outcomesByGravity } from "./outcome.ts";
import type { CellResult } from "./report.ts";

/** What has a place in a grid. */
export type Placed = Pick<CellResult, "axes" | "workload">;

/** Results of one workload as kernels × engines, all other axes being the same. */
export interface Grid<Result extends Placed = CellResult> {
  readonly workload: string;
  /** The other axes as text, "storage-driver=vfs, cpus=2"; empty where all are as by default. */
  readonly variant: string;
  readonly engines: readonly string[];
  readonly rows: readonly GridRow<Result>[];
}

export interface GridRow<Result> {
  readonly kernel: string;
  /** One for each engine; undefined where the report has no such cell. */
  readonly results: readonly (Result | undefined)[];
}

/** The grids of a report's results, or of whatever else has places. Workloads, kernels and engines are in the order in which they first appear. */
export function gridsOf<Result extends Placed>({
  results,
}: {
  readonly results: readonly Result[];
}): Grid<Result>[] {
  const groups = new Map<string, [Result, ...Result[]]>();
  for (const result of results) {
    const key = JSON.stringify([result.workload, variantOf(result.axes)]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [result]);
    else group.push(result);
  }
  return [...groups.values()].map((group) => gridOf(group));
}

/** How many cells ended in which way, the gravest first; outcomes of no cell are left out. */
export function tally({
  results,
}: {
  readonly results: readonly Pick<CellResult, "outcome">[];
}): { outcome: Outcome; count: number }[] {
  return outcomesByGravity
    .map((outcome) => ({
      outcome,
      count: results.filter((result) => result.outcome === outcome).length,
    }))
    .filter(({ count }) => count > 0);
}

function gridOf<Result extends Placed>(group: readonly [Result, ...Result[]]): Grid<Result> {
  const engines = [...new Set(group.map(({ axes }) => axes.engine))];
  const kernels = [...new Set(group.map(({ axes }) => axes.kernel))];
  const byPlace = new Map(group.map((result) => [placeOf(result.axes), result]));
  return {
    workload: group[0].workload,
    variant: variantOf(group[0].axes),
    engines,
    rows: kernels.map((kernel) => ({
      kernel,
      results: engines.map((engine) => byPlace.get(placeOf({ kernel, engine }))),
    })),
  };
}

function placeOf({ kernel, engine }: Pick<Axes, "kernel" | "engine">): string {
  return JSON.stringify([kernel, engine]);
}

function variantOf(axes: Axes): string {
  const { kernel, engine } = axes;
  return cellId(axes)
    .slice(cellId({ kernel, engine }).length + 1)
    .replaceAll("/", ", ");
}
