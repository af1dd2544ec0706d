import { stripVTControlCharacters } from "node:util";
import type { Output } from "./output.ts";

export interface Column<Row> {
  readonly header: string;
  cell(row: Row): string;
}

/** Between the widest cell of a column and the next column, as in docker-machine's tables. */
const gap = 3;
const narrowestColumn = 5;

/** Prints a header line and a line for each row. */
export async function printTable<Row>(
  { stdout }: Output,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): Promise<void> {
  const header = columns.map((column) => column.header.toUpperCase());
  const cells = rows.map((row) => columns.map((column) => column.cell(row)));
  stdout.write(await alignColumns([header, ...cells]));
}

/**
 * Lines of cells, aligned by the columns they take on a terminal, each line ended by a newline and
 * without trailing blanks. Whatever would move the cursor or break the line is taken out of cells.
 */
export async function alignColumns(lines: readonly (readonly string[])[]): Promise<string> {
  const clean = lines.map((cells) => cells.map(onOneLine));
  const widthOf = await widthFunctionFor(clean.flat());
  const widths: number[] = [];
  for (const cells of clean) {
    cells.forEach((cell, column) => {
      const width = Math.max(widthOf(cell) + gap, narrowestColumn);
      widths[column] = Math.max(widths[column] ?? 0, width);
    });
  }
  const padded = (cell: string, column: number) =>
    cell + " ".repeat((widths[column] ?? 0) - widthOf(cell));
  return clean.map((cells) => `${cells.map(padded).join("").trimEnd()}\n`).join("");
}

/** Of printable ASCII every character takes one column; the library takes 20 ms to load. */
async function widthFunctionFor(cells: readonly string[]): Promise<(text: string) => number> {
  if (cells.every((cell) => /^[ -~]*$/.test(cell))) return (text) => text.length;
  const { default: stringWidth } = await import("string-width");
  return stringWidth;
}

/** Without whatever would move the cursor or break the line. */
export function onOneLine(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\s+/g, " ")
    .replace(/\p{Cc}/gu, "");
}
