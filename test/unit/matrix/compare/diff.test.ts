import { expect, test } from "vitest";
import { diffReports } from "../../../../src/matrix/compare/diff.ts";
import { formatDiff } from "../../../../src/matrix/compare/format-diff.ts";
import type { Outcome } from "../../../../src/matrix/report/outcome.ts";
import { sampleReport, sampleResult } from "../../../support/matrix/sample-report.ts";

const cases: readonly [Outcome | "none", Outcome | "none", string][] = [
  ["pass", "pass", "unchanged"],
  ["pass", "fail", "regressed"],
  ["expected-fail", "kernel-splat", "regressed"],
  ["pass", "unsupported", "regressed"],
  ["expected-fail", "unexpected-pass", "regressed"],
  ["fail", "pass", "fixed"],
  ["unsupported", "expected-fail", "fixed"],
  ["fail", "timeout", "changed"],
  ["pass", "expected-fail", "changed"],
  ["none", "fail", "new"],
  ["none", "pass", "new"],
  ["pass", "none", "gone"],
  ["infra", "pass", "new"],
  ["not-run", "fail", "new"],
  ["pass", "infra", "gone"],
  ["fail", "not-run", "gone"],
  ["infra", "infra", "unchanged"],
  ["infra", "not-run", "nothing"],
  ["none", "not-run", "nothing"],
];

test.each(cases)("from %s to %s a cell is %s", (before, after, kind) => {
  const diff = diffReports(reportOf(before), reportOf(after));
  const { schemaVersion, unchanged, ...changes } = diff;
  expect(schemaVersion).toBe(1);
  expect(unchanged).toBe(kind === "unchanged" ? 1 : 0);
  const found = Object.entries(changes).flatMap(([name, { length }]) => Array(length).fill(name));
  expect(found).toEqual(kind === "unchanged" || kind === "nothing" ? [] : [kind]);
});

test("the same cell with another workload is another", () => {
  const after = sampleReport([sampleResult(), sampleResult({ workload: "load" })]);
  const diff = diffReports(reportOf("pass"), after);
  expect(diff).toMatchObject({ unchanged: 1, new: [{ cell: "6.1/26.1", workload: "load" }] });
});

test("the text has a line for each change, with the reason and what moved, and the counts", () => {
  const before = sampleReport([
    sampleResult({ kernelRelease: "6.1.0-49", engineVersion: "26.1.5" }),
    sampleResult({ workload: "load" }),
  ]);
  const after = sampleReport([
    sampleResult({
      outcome: "fail",
      reason: "the workload ended with status 7",
      kernelRelease: "6.1.0-50",
      engineVersion: "26.1.5",
    }),
  ]);
  expect(formatDiff(diffReports(before, after))).toBe(
    [
      "regressed  6.1/26.1 smoke: ✓ pass → ✗ fail (the workload ended with status 7; kernel 6.1.0-49 → 6.1.0-50)",
      "gone       6.1/26.1 load: ✓ pass → none",
      "1 regressed, 0 fixed, 0 new, 1 gone, 0 changed, 0 unchanged",
      "",
    ].join("\n"),
  );
});

function reportOf(outcome: Outcome | "none") {
  return sampleReport(outcome === "none" ? [] : [sampleResult({ outcome })]);
}
