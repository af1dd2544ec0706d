import { outcomes } from "../report/outcome.ts";
import { readableLine } from "../report/readable-text.ts";
import { type CellChange, changeKinds, type Finding, type ReportDiff } from "./diff.ts";

/** The changes as text for people: a line for each, the gravest kind first, then how many of each. */
export function formatDiff(diff: ReportDiff): string {
  const lines = changeKinds.flatMap((kind) =>
    diff[kind].map((change) => `${kind.padEnd(9)}  ${describe(change)}`),
  );
  const counts = changeKinds.map((kind) => `${diff[kind].length} ${kind}`);
  return [...lines, [...counts, `${diff.unchanged} unchanged`].join(", "), ""].join("\n");
}

function describe({ cell, workload, before, after }: CellChange): string {
  const what = `${readableLine(cell)} ${readableLine(workload)}: ${word(before)} → ${word(after)}`;
  const reason = readableLine(after?.reason ?? "");
  const because = [
    ...(reason === "" ? [] : [reason]),
    ...moved("kernel", before?.kernelRelease, after?.kernelRelease),
    ...moved("engine", before?.engineVersion, after?.engineVersion),
  ];
  return because.length === 0 ? what : `${what} (${because.join("; ")})`;
}

function word(finding: Finding | undefined): string {
  if (finding === undefined) return "none";
  return `${outcomes[finding.outcome].symbol} ${finding.outcome}`;
}

/** "kernel 6.1.0-49-amd64 → 6.1.0-50-amd64": often all there is to a regression. */
function moved(name: string, before: string | undefined, after: string | undefined): string[] {
  if (before === undefined || after === undefined || before === after) return [];
  return [`${name} ${readableLine(before)} → ${readableLine(after)}`];
}
