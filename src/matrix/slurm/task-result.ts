import { stat } from "node:fs/promises";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { readTextIfPresent, unlessMissing } from "../../host/files/files.ts";
import { sleep } from "../../host/sleep.ts";
import type { ReportFile } from "../compare/report-file.ts";
import { outcomes } from "../report/outcome.ts";
import { readReportFile } from "../report/read-report-file.ts";
import { readableLine } from "../report/readable-text.ts";
import type { EndedTask } from "./follow-tasks.ts";
import { type Patience, patiently } from "./patiently.ts";
import { taskFiles } from "./task-files.ts";

/** What became of a task. */
export type TaskResult =
  | { readonly kind: "reported"; readonly file: ReportFile }
  /** Nothing is known of its cells; the reason is one line. */
  | { readonly kind: "lost"; readonly reason: string }
  /** It was cancelled before it began. */
  | { readonly kind: "not begun" };

export interface TaskPlace extends Patience {
  /** The job's folder. */
  readonly directory: string;
  /** The job's number. */
  readonly job: string;
}

/** A folder of the network's may show late what another host has written into it. */
const delayMs = 10_000;
const pauseMs = 200;

/** What tsmachine ends with once it has written a report. */
const statusesWithReport: ReadonlySet<number> = new Set(
  Object.values(outcomes).map(({ exitStatus }) => exitStatus),
);

/** @throws the system's error where the folder cannot be read for too long; the signal's reason when aborted */
export function readTaskResult(ended: EndedTask, place: TaskPlace): Promise<TaskResult> {
  return patiently(() => lookForReport(ended, place), place);
}

async function lookForReport(ended: EndedTask, place: TaskPlace): Promise<TaskResult> {
  const { report, output } = taskFiles(place.directory, ended.task);
  const deadlineMs = performance.now() + (mustHaveReport(ended) ? delayMs : 0);
  while ((await unlessMissing(stat(report))) === undefined) {
    if (performance.now() >= deadlineMs) return withoutReport(ended, output, place);
    await sleep(pauseMs, place.signal);
  }
  try {
    return { kind: "reported", file: { path: report, report: await readReportFile(report) } };
  } catch (error) {
    if (!(error instanceof TsmachineError)) throw error;
    return { kind: "lost", reason: error.message };
  }
}

function mustHaveReport({ last }: EndedTask): boolean {
  if (last === undefined) return true;
  const { state, exitStatus } = last;
  return (state === "COMPLETED" || state === "FAILED") && statusesWithReport.has(exitStatus);
}

async function withoutReport(
  { task, last }: EndedTask,
  outputPath: string,
  { job }: TaskPlace,
): Promise<TaskResult> {
  const printed = await readTextIfPresent(outputPath);
  // Slurm makes the file when the task begins.
  if (printed === undefined && last?.state === "CANCELLED") return { kind: "not begun" };
  const how = last === undefined ? "Slurm knows no more of it" : describe(last);
  const words = printed === undefined ? "" : telling(printed);
  const where = printed === undefined ? "it printed nothing" : `its output is in ${outputPath}`;
  return {
    kind: "lost",
    reason: `task ${job}_${task} of Slurm left no report: ${how}; ${where}${words === "" ? "" : `: ${words}`}`,
  };
}

function describe({ state, reason, exitStatus }: NonNullable<EndedTask["last"]>): string {
  const why = reason === "None" || reason === "" ? "" : ` (${reason})`;
  return `${state}${why}, status ${exitStatus}`;
}

/** The line that says most of what went wrong: an error of tsmachine's or Slurm's, else the last. */
function telling(printed: string): string {
  const lines = printed.split("\n").filter((line) => line.trim() !== "");
  return readableLine(lines.findLast((line) => /\berror: /.test(line)) ?? lines.at(-1) ?? "");
}
