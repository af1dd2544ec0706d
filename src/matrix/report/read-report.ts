import * as z from "zod";
import { describeProblem } from "../../errors/describe-problem.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { parseJsonFile } from "../../store/json-file.ts";
import { type CellResult, type Report, reportSchema, reportSchemaVersion } from "./report.ts";

const versionedSchema = z.looseObject({ schemaVersion: z.number().int().min(1) });

/**
 * The report in the text of `path`.
 * @throws TsmachineError REPORT_INVALID with the first problem; REPORT_NEWER
 */
export function parseReport(text: string, path: string): Report {
  const invalid = (problem: string) => invalidReport(problem, path);
  const versioned = parseJsonFile(text, versionedSchema, invalid);
  if (versioned.schemaVersion > reportSchemaVersion) {
    throw new TsmachineError(
      "REPORT_NEWER",
      `report ${path} was written by a newer tsmachine: it has version ${versioned.schemaVersion}, this program knows ${reportSchemaVersion}`,
      { hints: ["install the newer program with `npm install -g tsmachine@latest`"] },
    );
  }
  const parsed = reportSchema.safeParse(versioned);
  if (!parsed.success) throw invalid(describeProblem(parsed.error));
  const twice = firstRepeated(parsed.data.results);
  if (twice !== undefined) {
    throw invalid(`results: cell "${twice.cell}" is there twice with workload "${twice.workload}"`);
  }
  return parsed.data;
}

/** The report as JSON text: the same for the same report, whatever order its fields were set in. */
export function formatReport(report: Report): string {
  // The schema gives the fields in its own order; only records have an order of their own.
  const { kernelConfigs, ...rest } = reportSchema.parse(report);
  const releases = Object.keys(kernelConfigs).sort();
  const sorted = Object.fromEntries(releases.map((release) => [release, kernelConfigs[release]]));
  return `${JSON.stringify({ ...rest, kernelConfigs: sorted }, undefined, 2)}\n`;
}

/** What a cell of a report is known by: the same text for the same cell and workload. */
export function resultKey({ cell, workload }: Pick<CellResult, "cell" | "workload">): string {
  return JSON.stringify([cell, workload]);
}

function firstRepeated(results: readonly CellResult[]): CellResult | undefined {
  const seen = new Set<string>();
  return results.find((result) => {
    const key = resultKey(result);
    if (seen.has(key)) return true;
    seen.add(key);
    return false;
  });
}

function invalidReport(problem: string, path: string): TsmachineError {
  return new TsmachineError("REPORT_INVALID", `${path} is not a report of a matrix: ${problem}`, {
    hints: ["give the file that `tsmachine matrix run --json FILE` has written"],
  });
}
