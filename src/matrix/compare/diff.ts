import { type Outcome, outcomes } from "../report/outcome.ts";
import { resultKey } from "../report/read-report.ts";
import type { CellResult, Report } from "../report/report.ts";

/** What one report has to say of a cell. */
export interface Finding {
  readonly outcome: Outcome;
  readonly reason: string;
  readonly kernelRelease?: string;
  readonly engineVersion?: string;
}

/** A cell of which two reports do not say the same. */
export interface CellChange {
  readonly cell: string;
  readonly workload: string;
  /** Absent where the report does not have the cell. */
  readonly before?: Finding;
  readonly after?: Finding;
}

/** In the order of their weight. docs/matrix.md explains each. */
export const changeKinds = ["regressed", "fixed", "new", "gone", "changed"] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** What `matrix diff --json` prints. Changes are in the order of the newer report, then the older. */
export interface ReportDiff extends Readonly<Record<ChangeKind, readonly CellChange[]>> {
  readonly schemaVersion: 1;
  /** How many cells have the same outcome in both. */
  readonly unchanged: number;
}

/**
 * What changed from one report to another, by cell and workload. An outcome that tells nothing
 * ("infra", "not-run") counts as if the cell were not there: it is no regression, and mends none.
 */
export function diffReports(before: Report, after: Report): ReportDiff {
  const older = new Map(before.results.map((result) => [resultKey(result), result]));
  const newer = new Map(after.results.map((result) => [resultKey(result), result]));
  const changes = [...new Set([...newer.keys(), ...older.keys()])].flatMap((key) => {
    const pair = { before: older.get(key), after: newer.get(key) };
    const kind = changeKind(pair);
    return kind === undefined ? [] : [{ kind, change: cellChange(pair) }];
  });
  const of = (wanted: ChangeKind) =>
    changes.flatMap(({ kind, change }) => (kind === wanted ? change : []));
  return {
    schemaVersion: 1,
    regressed: of("regressed"),
    fixed: of("fixed"),
    new: of("new"),
    gone: of("gone"),
    changed: of("changed"),
    unchanged: after.results.filter(
      (result) => older.get(resultKey(result))?.outcome === result.outcome,
    ).length,
  };
}

interface Pair {
  readonly before: CellResult | undefined;
  readonly after: CellResult | undefined;
}

function changeKind({ before, after }: Pair): ChangeKind | undefined {
  if (before?.outcome === after?.outcome) return undefined;
  const [was, is] = [verdictOf(before), verdictOf(after)];
  if (was === "unknown" && is === "unknown") return undefined;
  if (was === "unknown") return "new";
  if (is === "unknown") return "gone";
  if (was === is) return "changed";
  return is === "bad" ? "regressed" : "fixed";
}

function verdictOf(result: CellResult | undefined) {
  return result === undefined ? "unknown" : outcomes[result.outcome].verdict;
}

function cellChange({ before, after }: Pair): CellChange[] {
  const known = after ?? before;
  if (known === undefined) return [];
  return [
    {
      cell: known.cell,
      workload: known.workload,
      ...(before === undefined ? {} : { before: finding(before) }),
      ...(after === undefined ? {} : { after: finding(after) }),
    },
  ];
}

function finding({ outcome, reason, kernelRelease, engineVersion }: CellResult): Finding {
  return {
    outcome,
    reason,
    ...(kernelRelease === undefined ? {} : { kernelRelease }),
    ...(engineVersion === undefined ? {} : { engineVersion }),
  };
}
