import type { Report } from "../report/report.ts";

/** A report and the file that it was read from, which errors name. */
export interface ReportFile {
  readonly path: string;
  readonly report: Report;
}
