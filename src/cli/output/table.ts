import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";
import type { Output } from "./output.ts";

export interface Column<Row> {
  readonly header: string;
  cell(row: Row): string;
}

/** Between the widest cell of a column and the next column, as in docker-machine's tables. */
const gap = 3;
const narrowestColumn = 5;

/** Prints a header line and a line for each row. */
export function printTable<Row>(
  { stdout }: Output,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): void {
  const header = columns.map((column) => column.header.toUpperCase());
  const cells = rows.map((row) => columns.map((column) => column.cell(row)));
  stdout.write(alignColumns([header, ...cells]));
}

/**
 * Lines of cells, aligned by the columns they take on a terminal, each line ended by a newline and
 * without trailing blanks. Whatever would move the cursor or break the line is taken out of cells.
 */
export function alignColumns(lines: readonly (readonly string[])[]): string {
  const clean = lines.map((cells) => cells.map(onOneLine));
  const widths: number[] = [];
  for (const cells of clean) {
    cells.forEach((cell, column) => {
      const width = Math.max(stringWidth(cell) + gap, narrowestColumn);
      widths[column] = Math.max(widths[column] ?? 0, width);
    });
  }
  return clean.map((cells) => `${padTo(widths, cells).trimEnd()}\n`).join("");
}

function padTo(widths: readonly number[], cells: readonly string[]): string {
  return cells
    .map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - stringWidth(cell)))
    .join("");
}

function onOneLine(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\s+/g, " ")
    .replace(/\p{Cc}/gu, "");
}
