import type { Cell, Matrix } from "../definition/matrix.ts";
import { shardsOf } from "./shard.ts";

/** A cell as a line of a table. */
export interface PlanRow {
  /** From 1 on. */
  readonly shard: number;
  readonly cell: string;
  readonly kernel: string;
  readonly engine: string;
  readonly workload: string;
  readonly expected: "pass" | "fail";
  /** Why it is expected to fail; empty where it is not. */
  readonly reason: string;
}

/** The cells in their order, each with the shard that it belongs to when there are `count`. */
export function planRows({ cells }: Matrix, count: number): readonly PlanRow[] {
  const shards = new Map<Cell, number>(
    shardsOf(cells, count).flatMap((part, index) => part.map((cell) => [cell, index + 1] as const)),
  );
  return cells.map((cell) => ({
    shard: shards.get(cell) ?? 0,
    ...{ cell: cell.id, kernel: cell.axes.kernel, engine: cell.axes.engine },
    workload: cell.workload.name,
    expected: cell.xfail === undefined ? "pass" : "fail",
    reason: cell.xfail ?? "",
  }));
}
