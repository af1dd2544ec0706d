import { type Outcome, type Stage, stages } from "./try-pair.ts";

interface Column {
  readonly header: string;
  /** Characters; fixed, because lines are printed one by one. */
  readonly width: number;
  cell(outcome: Outcome): string;
}

const columns: readonly Column[] = [
  { header: "series", width: 8, cell: ({ pair }) => pair.series },
  { header: "release", width: 30, cell: ({ pair }) => pair.release },
  { header: "suite", width: 19, cell: ({ pair }) => pair.suite },
  { header: "engine", width: 10, cell: ({ pair }) => pair.engine },
  { header: "userland", width: 10, cell: ({ userland = "" }) => userland },
  { header: "ISO", width: 9, cell: ({ isoBytes }) => formatMegabytes(isoBytes) },
  ...stages.map((stage) => ({
    ...{ header: stage, width: Math.max(stage.length + 2, 8) },
    cell: ({ seconds }: Outcome) => formatSeconds(seconds, stage),
  })),
  { header: "result", width: 8, cell: ({ failure }) => (failure ? "FAILED" : "ok") },
  { header: "note", width: 0, cell: ({ pair, failure }) => noteOf(pair.note, failure?.message) },
];

export const headerLine = lineOf(columns.map(({ header }) => header.toUpperCase()));

export function lineFor(outcome: Outcome): string {
  return lineOf(columns.map(({ cell }) => cell(outcome)));
}

function lineOf(cells: readonly string[]): string {
  return `${cells
    .map((cell, index) => cell.padEnd(columns[index]?.width ?? 0))
    .join("")
    .trimEnd()}\n`;
}

function formatSeconds(seconds: Outcome["seconds"], stage: Stage): string {
  const value = seconds[stage];
  return value === undefined ? "" : `${value.toFixed(1)} s`;
}

function formatMegabytes(bytes: number | undefined): string {
  return bytes === undefined ? "" : `${(bytes / 1e6).toFixed(1)} MB`;
}

function noteOf(...notes: readonly (string | undefined)[]): string {
  return notes.filter((note) => note !== undefined && note !== "").join("; ");
}
