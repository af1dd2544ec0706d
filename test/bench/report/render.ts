import { alignColumns } from "../../../src/cli/output/table.ts";
import type { Measurement } from "../measure/measurement.ts";
import type { Size } from "../measure/size.ts";
import { type Column, columns, sizeColumns } from "./format.ts";

export interface Report {
  readonly measurements: readonly Measurement[];
  readonly sizes: readonly Size[];
}

/** For a terminal. */
export async function renderTable(report: Report): Promise<string> {
  const tables = tablesOf(report).map(([header = [], ...rows]) =>
    alignColumns([header.map((name) => name.toUpperCase()), ...rows]),
  );
  return (await Promise.all(tables)).join("\n");
}

/** For docs/performance.md. */
export async function renderMarkdown(report: Report): Promise<string> {
  const tables = tablesOf(report).map(([header = [], ...rows]) =>
    [header, header.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |\n`),
  );
  return tables.map((lines) => lines.join("")).join("\n");
}

/** Tables without rows are left out. */
function tablesOf({ measurements, sizes }: Report): string[][][] {
  return [rowsOf(columns, measurements), rowsOf(sizeColumns, sizes)].filter(
    (rows) => rows.length > 1,
  );
}

function rowsOf<Row>(cellsOf: readonly Column<Row>[], rows: readonly Row[]): string[][] {
  return [
    cellsOf.map(({ header }) => header),
    ...rows.map((row) => cellsOf.map(({ cell }) => cell(row))),
  ];
}
