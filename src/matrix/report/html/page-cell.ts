import { type Outcome, outcomes } from "../outcome.ts";
import { readableLine, readableText } from "../readable-text.ts";
import type { CellResult, Report } from "../report.ts";
import { formatSeconds, formatTime } from "../times.ts";

/** What it is, and its value. */
export type Fact = readonly [string, string];

/** All that the page shows of a cell. */
export interface PageCell {
  /** What the page's address ends in while the cell is shown. */
  readonly address: string;
  readonly title: string;
  readonly outcome: Outcome;
  readonly symbol: string;
  /** The outcome, with the exit status where that says more: "fail (7)". */
  readonly word: string;
  readonly meaning: string;
  readonly reason: string;
  readonly facts: readonly Fact[];
  readonly timings: readonly Timing[];
  readonly splats: readonly string[];
  readonly output: string;
  readonly console: string;
  /** A key of PageData.kernelConfigs; null where there is no configuration. */
  readonly kernelConfig: string | null;
}

interface Timing {
  readonly step: string;
  /** Of the whole cell's time, between 0 and 1. */
  readonly share: number;
  readonly text: string;
}

export function pageCell(result: CellResult, { kernelConfigs }: Report): PageCell {
  const { outcome, exitStatus } = result;
  const { symbol, meaning } = outcomes[outcome];
  const release = result.kernelConfig ?? result.kernelRelease;
  return {
    address: encodeURIComponent(`${readableLine(result.workload)}/${readableLine(result.cell)}`),
    title: `${readableLine(result.cell)} · ${readableLine(result.workload)}`,
    outcome,
    symbol,
    word: outcome === "fail" && exitStatus !== undefined ? `fail (${exitStatus})` : outcome,
    meaning,
    reason: readableLine(result.reason),
    facts: factsOf(result),
    timings: timingsOf(result),
    splats: result.splats.map(readableLine),
    output: readableText(result.output),
    console: readableText(result.console),
    kernelConfig: release !== undefined && Object.hasOwn(kernelConfigs, release) ? release : null,
  };
}

function factsOf(result: CellResult): Fact[] {
  const facts: [string, string | number | undefined][] = [
    ["Kernel", result.kernelRelease],
    ["Engine", result.engineVersion],
    ["Accelerator", result.accelerator],
    ["Exit status", result.exitStatus],
    ["Expected to fail", result.xfail],
    ["Observed", result.observed],
    ["Machine kept", result.machine],
    ["Attempts", result.attempts === 1 ? undefined : result.attempts],
    ["Started", result.startedAt && formatTime(result.startedAt)],
  ];
  return facts.flatMap(([name, value]) =>
    value === undefined ? [] : [[name, readableLine(String(value))] as const],
  );
}

function timingsOf({ timings }: CellResult): Timing[] {
  const { bootMs, prepareMs, workloadMs, totalMs } = timings;
  const steps: [string, number | undefined][] = [
    ["Boot", bootMs],
    ["Prepare", prepareMs],
    ["Workload", workloadMs],
    ["In all", totalMs],
  ];
  return steps.flatMap(([step, ms]) => {
    if (ms === undefined) return [];
    const share = totalMs === 0 ? 0 : Math.min(1, ms / totalMs);
    return [{ step, share, text: formatSeconds(ms) }];
  });
}
