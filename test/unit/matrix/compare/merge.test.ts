import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { mergeReports } from "../../../../src/matrix/compare/merge.ts";
import type { CellResult, Report } from "../../../../src/matrix/report/report.ts";
import { packed, sampleReport, sampleResult } from "../../../support/matrix/sample-report.ts";

test("cells keep the first report's order, then the others'; the times span all", () => {
  const first = file("a.json", [cell("6.1"), cell("5.10")], {
    startedAt: "2026-11-01T10:00:00.5Z",
    endedAt: "2026-11-01T10:01:00Z",
    kernelConfigs: { "6.1": packed("a") },
  });
  const second = file("b.json", [cell("7.3"), cell("4.19")], {
    startedAt: "2026-11-01T10:00:00Z",
    endedAt: "2026-11-01T10:00:30Z",
    kernelConfigs: { "7.3": packed("b") },
  });
  const merged = mergeReports([first, second]);
  expect(merged.results.map(({ axes }) => axes.kernel)).toEqual(["6.1", "5.10", "7.3", "4.19"]);
  expect(merged.startedAt).toBe("2026-11-01T10:00:00Z");
  expect(merged.endedAt).toBe("2026-11-01T10:01:00Z");
  expect(Object.keys(merged.kernelConfigs)).toEqual(["6.1", "7.3"]);
});

test.each([
  ["not-run", "pass", "pass"],
  ["pass", "not-run", "pass"],
  ["infra", "fail", "fail"],
  ["fail", "infra", "fail"],
  ["not-run", "infra", "infra"],
  ["infra", "not-run", "infra"],
  ["not-run", "not-run", "not-run"],
] as const)("of a cell that is %s and %s, %s is taken, in the first place", (one, other, taken) => {
  const first = file("a.json", [cell("6.1", one), cell("7.3")]);
  const merged = mergeReports([first, file("b.json", [cell("6.1", other)])]);
  expect(merged.results.map(({ axes, outcome }) => [axes.kernel, outcome])).toEqual([
    ["6.1", taken],
    ["7.3", "pass"],
  ]);
});

test("a cell that two files tell something of is refused, and both are named", () => {
  const [first, second, third] = [
    file("a.json", [cell("6.1", "infra")]),
    file("b.json", [cell("6.1", "pass")]),
    file("c.json", [cell("6.1", "fail")]),
  ];
  expect(() => mergeReports([first, second, third])).toThrow(
    expect.objectContaining({
      code: "REPORT_CONFLICT",
      message: 'b.json and c.json both have cell "6.1/26.1" with workload "smoke": pass and fail',
      hints: ["leave out c.json, or compare the two with `tsmachine matrix diff`"],
    }),
  );
});

test("reports of different matrices are refused, and both are named", () => {
  const other = file("b.json", [], { name: "other" });
  expect(() => mergeReports([file("a.json", []), other])).toThrow(
    expect.objectContaining({
      code: "REPORT_CONFLICT",
      message: 'a.json is of the matrix "sample", b.json of "other"',
    }),
  );
});

test("a configuration that was compressed elsewhere is the same; one that differs is refused", () => {
  const config = "CONFIG_VETH=m\n".repeat(1000);
  const quick = gzipSync(config, { level: 1 }).toString("base64");
  const first = file("a.json", [], { kernelConfigs: { "6.1": packed(config) } });
  expect(quick).not.toBe(packed(config));
  const same = file("b.json", [], { kernelConfigs: { "6.1": quick } });
  expect(mergeReports([first, same]).kernelConfigs).toEqual({ "6.1": packed(config) });
  const different = file("c.json", [], { kernelConfigs: { "6.1": packed("CONFIG_VETH=y\n") } });
  expect(() => mergeReports([first, different])).toThrow(
    expect.objectContaining({
      code: "REPORT_CONFLICT",
      message: 'a.json and c.json have different configurations of the kernel "6.1"',
    }),
  );
  const damaged = file("d.json", [], { kernelConfigs: { "6.1": "AAAA" } });
  expect(() => mergeReports([first, damaged])).toThrow(
    expect.objectContaining({
      code: "REPORT_INVALID",
      message: "d.json has a configuration of a kernel that cannot be unpacked",
    }),
  );
});

function file(path: string, results: readonly CellResult[], changes: Partial<Report> = {}) {
  return { path, report: sampleReport(results, changes) };
}

function cell(kernel: string, outcome: CellResult["outcome"] = "pass"): CellResult {
  return sampleResult({ axes: { kernel, engine: "26.1" }, outcome });
}
