import { alignColumns } from "../../../src/cli/output/table.ts";
import type { Measurement } from "../measure/measurement.ts";
import { columns } from "./format.ts";

/** For a terminal. */
export function renderTable(measurements: readonly Measurement[]): Promise<string> {
  const header = columns.map((column) => column.header.toUpperCase());
  return alignColumns([header, ...rowsOf(measurements)]);
}

/** For docs/performance.md. */
export async function renderMarkdown(measurements: readonly Measurement[]): Promise<string> {
  const lines = [columns.map(({ header }) => header), columns.map(() => "---")];
  return [...lines, ...rowsOf(measurements)].map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

function rowsOf(measurements: readonly Measurement[]): string[][] {
  return measurements.map((measurement) => columns.map(({ cell }) => cell(measurement)));
}
