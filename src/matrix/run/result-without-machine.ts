import type { Cell } from "../definition/matrix.ts";
import type { CellResult } from "../report/report.ts";
import type { Verdict } from "./verdict.ts";

/** The result of a cell that came to no machine. */
export function resultWithoutMachine(
  { id, axes, workload, xfail }: Cell,
  verdict: Verdict,
): CellResult {
  return {
    ...{ cell: id, workload: workload.name, axes, ...verdict },
    ...(xfail !== undefined && { xfail }),
    ...{ attempts: 0, timings: { totalMs: 0 }, output: "", console: "", splats: [] },
  };
}
