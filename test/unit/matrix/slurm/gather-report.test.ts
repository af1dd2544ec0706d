import { expect, test } from "vitest";
import type { Cell } from "../../../../src/matrix/definition/matrix.ts";
import { gatherReport } from "../../../../src/matrix/slurm/gather-report.ts";
import { shellCell } from "../../../support/matrix/matrix-world.ts";
import { sampleReport, sampleResult } from "../../../support/matrix/sample-report.ts";

const cellOf = (kernel: string): Cell =>
  shellCell("smoke", "true", { id: `${kernel}/26.1`, axes: { kernel, engine: "26.1" } });
const first = cellOf("5.10");
const second = cellOf("6.1");
const third = cellOf("6.12");
const fourth = cellOf("7.3");

const run = sampleReport([], {
  ...{ startedAt: "2026-11-01T09:00:00Z", endedAt: "2026-11-01T11:00:00Z", kernelConfigs: {} },
  host: { platform: "linux", architecture: "amd64", cpuCount: 1, memoryMiB: 512 },
});

test("results are in the order of the matrix, and each cell has one", () => {
  const passed = sampleResult({ axes: first.axes });
  const file = { path: "1.json", report: sampleReport([passed]) };
  const report = gatherReport(
    [first, second, third, fourth],
    [
      { cells: [second], result: { kind: "lost", reason: "task 7_2 of Slurm left no report" } },
      { cells: [third], result: { kind: "not begun" } },
      { cells: [first, fourth], result: { kind: "reported", file } },
    ],
    run,
  );
  expect(report.results).toMatchObject([
    passed,
    { cell: "6.1/26.1", outcome: "infra", reason: "task 7_2 of Slurm left no report", attempts: 0 },
    { cell: "6.12/26.1", outcome: "not-run" },
    { cell: "7.3/26.1", outcome: "infra", reason: expect.stringContaining("has no such cell") },
  ]);
  expect(report).toMatchObject({ startedAt: run.startedAt, endedAt: run.endedAt });
  expect(report.host).toEqual(file.report.host);
});

test("a run without any reports is told with this host", () => {
  const lost = { cells: [first], result: { kind: "lost", reason: "why" } } as const;
  expect(gatherReport([first], [lost], run)).toMatchObject({
    host: run.host,
    results: [{ outcome: "infra", reason: "why" }],
  });
});
