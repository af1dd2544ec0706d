import type { Grid } from "../../matrix/report/grid.ts";
import { onOneLine } from "../output/table.ts";
import type { ShownCell } from "./board.ts";
import { type CellLook, lookOf, signs } from "./cell-look.ts";
import { columnsOf, padTo, widest } from "./columns.ts";
import type { Paint } from "./paint.ts";

const gap = "  ";
/** What most states take, so that columns seldom become wider while the run goes on. */
const usualWords = 16;

export interface DrawnGrid {
  readonly lines: readonly string[];
  /** Columns that the widest of them takes on a terminal. */
  readonly columns: number;
}

export type ShownGrid = Grid<ShownCell>;

/** Cells have a sign and words. */
export function gridsInWords(grids: readonly ShownGrid[], paint: Paint): DrawnGrid {
  return draw(grids, paint, {
    textOf: ({ sign, words }) => `${sign} ${words}`,
    columns: usualWords,
  });
}

/** The same with signs alone, and what those of cells under way mean. */
export function gridsInSigns(grids: readonly ShownGrid[], paint: Paint): DrawnGrid {
  const { lines, columns } = draw(grids, paint, { textOf: ({ sign }) => sign, columns: 1 });
  const legend = Object.entries(signs)
    .map(([kind, sign]) => `${sign} ${kind}`)
    .join(gap);
  return {
    lines: [...lines, paint("idle", legend)],
    columns: Math.max(columns, widest([legend])),
  };
}

/** As many as either of them has at least. */
export function lineCountOf(grids: readonly ShownGrid[]): number {
  return grids.reduce((count, { rows }) => count + rows.length + linesBesideRows, 0);
}

/** The title, the engines, and what is left empty after it. */
const linesBesideRows = 3;

interface Manner {
  /** Takes as many columns as it has characters. */
  textOf(look: CellLook): string;
  /** How many a cell takes at least. */
  readonly columns: number;
}

function draw(grids: readonly ShownGrid[], paint: Paint, manner: Manner): DrawnGrid {
  const labels = ["kernel", ...grids.flatMap(({ rows }) => rows.map(({ kernel }) => kernel))];
  // One width for the kernels of all grids, so that their columns are below each other.
  const labelColumns = widest(labels.map(onOneLine));
  const drawn = grids.map((grid) => drawOne(grid, paint, { ...manner, labelColumns }));
  return {
    lines: drawn.flatMap(({ lines }) => [...lines, ""]),
    columns: Math.max(0, ...drawn.map(({ columns }) => columns)),
  };
}

function drawOne(
  { workload, variant, engines, rows }: ShownGrid,
  paint: Paint,
  { textOf, columns, labelColumns }: Manner & { readonly labelColumns: number },
): DrawnGrid {
  const title = onOneLine([workload, variant].filter((part) => part !== "").join(", "));
  const looks = rows.map(({ kernel, results }) => ({
    kernel: onOneLine(kernel),
    cells: results.map((cell) => cell && lookOf(cell)),
  }));
  const widths = engines.map((engine, index) => {
    const texts = looks.flatMap(({ cells }) => cells[index] ?? []).map(textOf);
    return Math.max(columns, columnsOf(onOneLine(engine)), ...texts.map(({ length }) => length));
  });
  const line = (label: string, texts: readonly string[]) => [label, ...texts].join(gap);
  const header = line(
    padTo(labelColumns, "kernel"),
    engines.map((engine, index) => padTo(widths[index] ?? 0, onOneLine(engine))),
  );
  const body = looks.map(({ kernel, cells }) =>
    line(
      padTo(labelColumns, kernel),
      cells.map((look, index) => {
        const width = widths[index] ?? 0;
        if (look === undefined) return " ".repeat(width);
        return paint(look.tone, textOf(look).padEnd(width));
      }),
    ),
  );
  return {
    lines: [paint("heading", title), paint("idle", header), ...body],
    columns: widest([title, header]),
  };
}
