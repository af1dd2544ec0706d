import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { Report } from "../report/report.ts";
import { mergeKernelConfigs } from "./merge-kernel-configs.ts";
import { mergeResults } from "./merge-results.ts";
import type { ReportFile } from "./report-file.ts";

/**
 * One report of the reports of a matrix's shards: cells in the order of the first report, then what the
 * others add; from the first that began until the last that ended. Host and version are the first's.
 * A cell may be in several where all but one know nothing of it ("infra", "not-run").
 * @throws TsmachineError REPORT_CONFLICT and REPORT_INVALID, which name the files
 */
export function mergeReports(files: readonly [ReportFile, ...ReportFile[]]): Report {
  const [first, ...others] = files;
  for (const other of others) refuseOtherName(first, other);
  const reports = files.map(({ report }) => report);
  return {
    ...first.report,
    startedAt: byTime(reports.map(({ startedAt }) => startedAt)).at(0) ?? first.report.startedAt,
    endedAt: byTime(reports.map(({ endedAt }) => endedAt)).at(-1) ?? first.report.endedAt,
    results: mergeResults(files),
    kernelConfigs: mergeKernelConfigs(files),
  };
}

/** The times from the earliest to the latest; as text they may differ in their fractions' length. */
function byTime(times: readonly string[]): string[] {
  return times.toSorted((one, other) => Date.parse(one) - Date.parse(other));
}

function refuseOtherName(first: ReportFile, other: ReportFile): void {
  if (other.report.name === first.report.name) return;
  throw new TsmachineError(
    "REPORT_CONFLICT",
    `${first.path} is of the matrix "${first.report.name}", ${other.path} of "${other.report.name}"`,
    { hints: [`leave out ${other.path}: only shards of one matrix can be merged`] },
  );
}
