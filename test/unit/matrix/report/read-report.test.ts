import { expect, test } from "vitest";
import { TsmachineError } from "../../../../src/errors/tsmachine-error.ts";
import { formatReport, parseReport } from "../../../../src/matrix/report/read-report.ts";
import { packed, sampleReport, sampleResult } from "../../../support/matrix/sample-report.ts";

test("a report is read back as it was written", () => {
  const report = sampleReport();
  expect(parseReport(formatReport(report), "out.json")).toEqual(report);
});

test("the same report gives the same text, whatever order its fields and kernels have", () => {
  const kernelConfigs = { "6.1": packed("a"), "5.10": packed("b") };
  const report = sampleReport([sampleResult()], { kernelConfigs });
  const turned = {
    ...Object.fromEntries(Object.entries(report).reverse()),
    kernelConfigs: { "5.10": packed("b"), "6.1": packed("a") },
  };
  const text = formatReport(report);
  expect(formatReport(parseReport(JSON.stringify(turned), "out.json"))).toBe(text);
  expect(text).toMatch(/^\{\n {2}"schemaVersion": 1,\n/);
  expect(text).toMatch(/\}\n$/);
});

test("fields that this version does not know are left out", () => {
  const text = JSON.stringify({ ...sampleReport([]), colour: "green" });
  expect(parseReport(text, "out.json")).toEqual(sampleReport([]));
});

const refused = {
  "an empty file": ["", "REPORT_INVALID", "out.json is not a report of a matrix: it is empty"],
  "a text that is no JSON": ["<xml/>", "REPORT_INVALID", "out.json is not a report"],
  "JSON of something else": ["[]", "REPORT_INVALID", "out.json is not a report"],
  "a missing field": [
    JSON.stringify({ ...sampleReport(), host: undefined }),
    "REPORT_INVALID",
    "out.json is not a report of a matrix: host: expected object",
  ],
  "an unknown outcome": [
    JSON.stringify(sampleReport()).replace('"outcome":"timeout"', '"outcome":"maybe"'),
    "REPORT_INVALID",
    "results.2.outcome",
  ],
  "a cell that is there twice": [
    JSON.stringify(sampleReport([sampleResult(), sampleResult()])),
    "REPORT_INVALID",
    'results: cell "6.1/26.1" is there twice with workload "smoke"',
  ],
  "a newer version": [
    JSON.stringify({ schemaVersion: 2 }),
    "REPORT_NEWER",
    "report out.json was written by a newer tsmachine: it has version 2, this program knows 1",
  ],
} as const;

test.each(Object.entries(refused))("%s is refused", (_, [text, code, message]) => {
  const error = thrownBy(() => parseReport(text, "out.json"));
  expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
  expect(error.hints).toEqual([expect.stringMatching(/`.+`/)]);
});

function thrownBy(action: () => unknown): TsmachineError {
  try {
    action();
  } catch (error) {
    if (error instanceof TsmachineError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
