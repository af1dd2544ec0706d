import { expect, test } from "vitest";
import { gridsOf, tally } from "../../../../src/matrix/report/grid.ts";
import { sampleReport, sampleResult } from "../../../support/matrix/sample-report.ts";

test("each workload and variant is a grid, with holes where there is no cell", () => {
  const results = [
    sampleResult({ axes: { kernel: "7.3", engine: "26.1" } }),
    sampleResult({ axes: { kernel: "6.1", engine: "28.5" }, outcome: "fail" }),
    sampleResult({ axes: { kernel: "7.3", engine: "26.1" }, workload: "load" }),
    sampleResult({ axes: { kernel: "7.3", engine: "26.1", storageDriver: "vfs", cpus: 2 } }),
  ];
  const grids = gridsOf(sampleReport(results));
  expect(grids.map(({ workload, variant }) => [workload, variant])).toEqual([
    ["smoke", ""],
    ["load", ""],
    ["smoke", "storage-driver=vfs, cpus=2"],
  ]);
  expect(grids[0]?.engines).toEqual(["26.1", "28.5"]);
  expect(grids[0]?.rows).toEqual([
    { kernel: "7.3", results: [results[0], undefined] },
    { kernel: "6.1", results: [undefined, results[1]] },
  ]);
});

test("the tally has the gravest outcome first, and only those that there are", () => {
  const report = sampleReport([
    sampleResult(),
    sampleResult({ outcome: "fail", workload: "a" }),
    sampleResult({ workload: "b" }),
  ]);
  expect(tally(report)).toEqual([
    { outcome: "fail", count: 1 },
    { outcome: "pass", count: 2 },
  ]);
});
