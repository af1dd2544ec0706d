import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Limit, reasonToSkip } from "../../../scripts/verify/allowed-skips.ts";
import { readHostLimits } from "../../../scripts/verify/host-limits.ts";
import { parseReport } from "../../../scripts/verify/parse-report.ts";
import { summarize } from "../../../scripts/verify/summary.ts";

describe("parseReport", () => {
  const passed = { fullName: "one works", status: "passed", failureMessages: [] };
  const failed = {
    ...{ fullName: "two works", status: "failed" },
    failureMessages: ["AssertionError: expected 1 to be 2\n    at two.test.ts:3:1"],
  };
  const pending = { fullName: "three works", status: "pending", failureMessages: [] };
  const times = { startTime: 1_764_500_000_000, endTime: 1_764_500_061_500.25 };
  const file = { name: "/project/test/unit/two.test.ts", message: "", ...times };
  const duration = { what: "two.test.ts", ms: 61_500.25 };
  const failure = "two.test.ts: two works: AssertionError: expected 1 to be 2";
  const report = (...testResults: object[]) => JSON.stringify({ testResults, success: true });

  test.each([
    {
      title: "counts tests over all files and says which failed and why",
      text: report(
        { ...file, status: "passed", assertionResults: [passed, pending] },
        { ...file, status: "failed", assertionResults: [passed, failed, failed] },
      ),
      exitStatus: 1,
      expected: { passed: 2, failures: [failure, failure], skipped: ["three works"] },
      files: 2,
    },
    {
      title: "counts a file that cannot be loaded as one failure",
      text: report(
        { ...file, status: "failed", message: "Cannot find module\n", assertionResults: [] },
        { ...file, status: "passed", assertionResults: [passed] },
      ),
      exitStatus: 1,
      expected: { passed: 1, failures: ["two.test.ts: Cannot find module"], skipped: [] },
      files: 2,
    },
    {
      title: "counts a failure of vitest's that no test shows, such as an unhandled rejection",
      text: report({ ...file, status: "passed", assertionResults: [passed] }),
      exitStatus: 1,
      expected: { passed: 1, failures: ["vitest ended with 1"], skipped: [] },
      files: 1,
    },
    {
      title: "counts a run without a report as one failure",
      text: undefined,
      exitStatus: 1,
      expected: { passed: 0, failures: ["vitest ended with 1"], skipped: [] },
      files: 0,
    },
  ])("$title", ({ text, exitStatus, expected, files }) => {
    expect(parseReport(text, exitStatus)).toEqual({
      ...expected,
      durations: new Array(files).fill(duration),
    });
  });
});

describe("summarize", () => {
  const reasonFor = (title: string) => (title === "Linux mounts it" ? "only root may" : undefined);

  test("ends with the sums on a line of their own, after what was skipped and why", () => {
    const results = [
      { passed: 1, failures: [], skipped: [], durations: [] },
      { passed: 40, failures: [], skipped: ["Linux mounts it"], durations: [] },
    ];
    expect(summarize(results, reasonFor)).toEqual({
      lines: ["skipped: Linux mounts it: only root may", "41 passed, 0 failed"],
      exitStatus: 0,
    });
  });

  test("fails when anything has failed", () => {
    const results = [
      { passed: 0, failures: ["two.test.ts: two works"], skipped: [], durations: [] },
      { passed: 40, failures: [], skipped: [], durations: [] },
    ];
    expect(summarize(results, reasonFor)).toEqual({
      lines: ["failed: two.test.ts: two works", "40 passed, 1 failed"],
      exitStatus: 1,
    });
  });

  test("counts a test as failed that was skipped without a reason", () => {
    const results = [{ passed: 40, failures: [], skipped: ["xorriso reads it"], durations: [] }];
    expect(summarize(results, reasonFor)).toEqual({
      lines: [
        "failed: xorriso reads it: skipped, which this host gives no reason for",
        "40 passed, 1 failed",
      ],
      exitStatus: 1,
    });
  });

  test("names the files that took long, slowest first, and no more than one can look at", () => {
    const durations = Array.from({ length: 30 }, (_, index) => ({
      what: `${index}.test.ts`,
      ms: index * 10_000.4,
    }));
    const half = [durations.slice(0, 15), durations.slice(15)];
    const { lines } = summarize(
      half.map((part) => ({ passed: 1, failures: [], skipped: [], durations: part })),
      reasonFor,
    );
    expect(lines).toHaveLength(15);
    expect([lines[0], lines[13]]).toEqual(["took 290 s: 29.test.ts", "took 160 s: 16.test.ts"]);
  });
});

describe("reasonToSkip", () => {
  const title = "Linux mounts the image and sees all that was written";

  test("is there for a test that needs what this host cannot do", () => {
    expect(reasonToSkip(title, new Set(["mounts no ISO 9660"]))).toMatch(/iso9660/);
  });

  test("is there for a check against what is no part of the project", () => {
    const title =
      "with the published cmdlets (skipped where the published parameter sets are not) the checker refuses an alias";
    expect(reasonToSkip(title, new Set(["no Hyper-V cmdlets"]))).toMatch(/are not beside/);
  });

  test("is there for a shell that Debian does not have", () => {
    const title = "env evaluated by 'pwsh' (skipped where it is not on PATH) unsets what was set";
    expect(reasonToSkip(title, new Set(["no pwsh"]))).toBe("Debian has no PowerShell");
  });

  test.each<[Limit]>([["no pwsh"], ["no Hyper-V cmdlets"]])(
    "is there for PowerShell with another's Hyper-V where there is %s",
    (limit) => {
      const title =
        "(skipped where there is no pwsh) (skipped where the published parameter sets are not) names come through";
      expect(reasonToSkip(title, new Set([limit]))).toBeDefined();
    },
  );

  test.each<[string, string, Limit[]]>([
    ["a test that this host could run", title, ["no sshd", "no pwsh"]],
    ["a test that is not listed", "a machine boots", ["mounts no ISO 9660", "no emacs"]],
    [
      "a shell that verify installs",
      "env evaluated by 'fish' (skipped where it is not on PATH) works",
      ["no pwsh"],
    ],
  ])("is not there for %s", (_, skipped, limits) => {
    expect(reasonToSkip(skipped, new Set(limits))).toBeUndefined();
  });
});

test("what this host cannot do is found out without an error", async () => {
  const limits = await readHostLimits(AbortSignal.timeout(30_000));
  expect(limits.has("mounts no ISO 9660")).toBe(
    process.getuid?.() !== 0 || !readFileSync("/proc/filesystems", "utf8").includes("iso9660"),
  );
});
