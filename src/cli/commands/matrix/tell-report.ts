import type { Report } from "../../../matrix/report/report.ts";
import type { Cli } from "../../cli.ts";
import { printResults } from "./print-results.ts";
import { type ReportFlags, writeReports } from "./report-flags.ts";

/** Prints the results, and writes the files that the flags ask for. @throws TsmachineError FILE_UNREADABLE */
export async function tellReport(
  cli: Pick<Cli, "output">,
  report: Report,
  flags: ReportFlags,
): Promise<void> {
  await printResults(cli, report);
  await writeReports(report, flags);
}
