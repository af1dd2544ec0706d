import { mergeReports } from "../compare/merge.ts";
import type { ReportFile } from "../compare/report-file.ts";
import type { Cell } from "../definition/matrix.ts";
import { outcomes } from "../report/outcome.ts";
import { resultKey } from "../report/read-report.ts";
import type { CellResult, Report } from "../report/report.ts";
import { resultWithoutMachine } from "../run/result-without-machine.ts";
import type { Verdict } from "../run/verdict.ts";
import type { TaskResult } from "./task-result.ts";

export interface Task {
  readonly cells: readonly Cell[];
  readonly result: TaskResult;
}

/**
 * One report of all tasks, in the order of the matrix. Cells that no task has reported have the outcome "infra", or "not-run"
 * where their task was not begun.
 * @param run the report of a run without any results: its times, and the host that is told where no task has reported
 * @throws TsmachineError REPORT_CONFLICT
 */
export function gatherReport(cells: readonly Cell[], tasks: readonly Task[], run: Report): Report {
  const files = tasks.flatMap(({ result }) => (result.kind === "reported" ? [result.file] : []));
  const merged = mergeReports(withRun(files, run));
  const reported = new Map(merged.results.map((result) => [resultKey(result), result]));
  const missing = new Map(
    tasks.flatMap((task) => task.cells.map((cell) => [cell, verdictOn(task.result)] as const)),
  );
  const results = cells.map((cell): CellResult => {
    const result = reported.get(resultKey({ cell: cell.id, workload: cell.workload.name }));
    return result ?? resultWithoutMachine(cell, missing.get(cell) ?? noTask);
  });
  return { ...merged, results };
}

/** The first report's host and version are the whole's. */
function withRun(files: readonly ReportFile[], report: Report): [ReportFile, ...ReportFile[]] {
  const run = { path: "the run", report };
  const [first, ...others] = files;
  return first === undefined ? [run] : [first, ...others, run];
}

function verdictOn(result: TaskResult): Verdict {
  switch (result.kind) {
    case "reported":
      return {
        outcome: "infra",
        reason: `report ${result.file.path} has no such cell: the definition has changed meanwhile`,
      };
    case "lost":
      return { outcome: "infra", reason: result.reason };
    case "not begun":
      return { outcome: "not-run", reason: outcomes["not-run"].meaning };
  }
}

const noTask: Verdict = { outcome: "infra", reason: "no task has this cell" };
