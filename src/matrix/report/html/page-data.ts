import { gridsOf, tally } from "../grid.ts";
import { type Outcome, outcomes } from "../outcome.ts";
import { readableLine } from "../readable-text.ts";
import type { Report } from "../report.ts";
import { formatSeconds, formatTime } from "../times.ts";
import { type Fact, type PageCell, pageCell } from "./page-cell.ts";

/** All that templates/matrix/page.js shows, worded; only how it looks is left to the page. */
export interface PageData {
  readonly title: string;
  /** Of the run. */
  readonly facts: readonly Fact[];
  readonly legend: readonly LegendEntry[];
  readonly grids: readonly PageGrid[];
  readonly cells: readonly PageCell[];
  /** By release: text compressed by gzip, in base64. */
  readonly kernelConfigs: Readonly<Record<string, string>>;
}

interface LegendEntry {
  readonly outcome: Outcome;
  readonly symbol: string;
  readonly meaning: string;
  readonly count: number;
}

interface PageGrid {
  readonly title: string;
  readonly engines: readonly string[];
  readonly rows: readonly PageRow[];
}

interface PageRow {
  readonly kernel: string;
  /** Where in PageData.cells they are, one for each engine; null where there is no such cell. */
  readonly places: readonly (number | null)[];
}

export function pageData(report: Report): PageData {
  const places = new Map(report.results.map((result, place) => [result, place]));
  return {
    title: readableLine(report.name),
    facts: runFacts(report),
    legend: tally(report).map(({ outcome, count }) => {
      const { symbol, meaning } = outcomes[outcome];
      return { outcome, symbol, meaning, count };
    }),
    grids: gridsOf(report).map(({ workload, variant, engines, rows }) => ({
      title: readableLine(variant === "" ? workload : `${workload} (${variant})`),
      engines: engines.map(readableLine),
      rows: rows.map(({ kernel, results }) => ({
        kernel: readableLine(kernel),
        places: results.map((result) => (result && places.get(result)) ?? null),
      })),
    })),
    cells: report.results.map((result) => pageCell(result, report)),
    kernelConfigs: report.kernelConfigs,
  };
}

function runFacts({ startedAt, endedAt, host, tsmachineVersion }: Report): Fact[] {
  return [
    ["Started", formatTime(startedAt)],
    ["Took", formatSeconds(Date.parse(endedAt) - Date.parse(startedAt))],
    [
      "Host",
      `${readableLine(host.platform)} ${readableLine(host.architecture)}, ${host.cpuCount} CPUs, ${host.memoryMiB} MiB`,
    ],
    ["tsmachine", readableLine(tsmachineVersion)],
  ];
}
