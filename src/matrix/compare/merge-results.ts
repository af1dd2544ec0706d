import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { outcomes } from "../report/outcome.ts";
import { resultKey } from "../report/read-report.ts";
import type { CellResult } from "../report/report.ts";
import type { ReportFile } from "./report-file.ts";

interface Found {
  readonly path: string;
  readonly result: CellResult;
}

/**
 * The results of all files, each cell where it first appears. Of a cell that is in several, the one is
 * taken that tells most: any outcome, else "infra", else "not-run".
 * @throws TsmachineError REPORT_CONFLICT where two tell something of the same cell
 */
export function mergeResults(files: readonly ReportFile[]): CellResult[] {
  const found = new Map<string, Found>();
  for (const { path, report } of files) {
    for (const result of report.results) {
      const key = resultKey(result);
      // Setting a key again does not move it.
      found.set(key, moreTelling(found.get(key), { path, result }));
    }
  }
  return [...found.values()].map(({ result }) => result);
}

function moreTelling(former: Found | undefined, next: Found): Found {
  if (former === undefined) return next;
  if (isKnown(former) && isKnown(next)) throw conflict(former, next);
  return knowledge(next) > knowledge(former) ? next : former;
}

function isKnown(found: Found): boolean {
  return knowledge(found) === 2;
}

function knowledge({ result }: Found): 0 | 1 | 2 {
  if (result.outcome === "not-run") return 0;
  return outcomes[result.outcome].verdict === "unknown" ? 1 : 2;
}

function conflict(former: Found, next: Found): TsmachineError {
  const { cell, workload } = next.result;
  return new TsmachineError(
    "REPORT_CONFLICT",
    `${former.path} and ${next.path} both have cell "${cell}" with workload "${workload}": ${former.result.outcome} and ${next.result.outcome}`,
    { hints: [`leave out ${next.path}, or compare the two with \`tsmachine matrix diff\``] },
  );
}
