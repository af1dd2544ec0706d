import { describe, expect, test } from "vitest";
import { parseReport } from "../../../scripts/verify/parse-report.ts";
import { summarize } from "../../../scripts/verify/summary.ts";

describe("parseReport", () => {
  const passed = { fullName: "one works", status: "passed" };
  const failed = { fullName: "two works", status: "failed" };
  const pending = { fullName: "three works", status: "pending" };
  const report = (...testResults: object[]) => JSON.stringify({ testResults, success: true });

  test.each([
    {
      title: "counts tests over all files",
      text: report(
        { status: "passed", assertionResults: [passed, pending] },
        { status: "failed", assertionResults: [passed, failed, failed] },
      ),
      exitStatus: 1,
      expected: { passed: 2, failed: 2, skipped: ["three works"] },
    },
    {
      title: "counts a file that cannot be loaded as one failure",
      text: report(
        { status: "failed", assertionResults: [] },
        { status: "passed", assertionResults: [passed] },
      ),
      exitStatus: 1,
      expected: { passed: 1, failed: 1, skipped: [] },
    },
    {
      title: "counts a failure of vitest's that no test shows, such as an unhandled rejection",
      text: report({ status: "passed", assertionResults: [passed] }),
      exitStatus: 1,
      expected: { passed: 1, failed: 1, skipped: [] },
    },
    {
      title: "counts a run without a report as one failure",
      text: undefined,
      exitStatus: 1,
      expected: { passed: 0, failed: 1, skipped: [] },
    },
  ])("$title", ({ text, exitStatus, expected }) => {
    expect(parseReport(text, exitStatus)).toEqual(expected);
  });
});

describe("summarize", () => {
  test("ends with the sums on a line of their own, after what was skipped", () => {
    const results = [
      { passed: 1, failed: 0, skipped: [] },
      { passed: 40, failed: 0, skipped: ["xorriso reads it"] },
    ];
    expect(summarize(results)).toEqual({
      lines: ["skipped: xorriso reads it", "41 passed, 0 failed"],
      exitStatus: 0,
    });
  });

  test("fails when anything has failed", () => {
    const results = [
      { passed: 0, failed: 1, skipped: [] },
      { passed: 40, failed: 0, skipped: [] },
    ];
    expect(summarize(results)).toEqual({ lines: ["40 passed, 1 failed"], exitStatus: 1 });
  });
});
