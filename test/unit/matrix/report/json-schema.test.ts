import { expect, test } from "vitest";
import * as z from "zod";
import { reportJsonSchema } from "../../../../src/matrix/report/json-schema.ts";
import { formatReport } from "../../../../src/matrix/report/read-report.ts";
import { sampleReport } from "../../../support/matrix/sample-report.ts";

test("the published schema of reports is of draft 2020-12, and is the same each time", () => {
  const schema = reportJsonSchema();
  expect(schema).toMatchObject({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    properties: { schemaVersion: { const: 1 }, results: { type: "array" } },
    required: expect.arrayContaining(["schemaVersion", "results", "kernelConfigs"]),
  });
  expect(JSON.stringify(reportJsonSchema())).toBe(JSON.stringify(schema));
});

test("the published schema takes a report as it is written, and refuses another outcome", () => {
  const schema = z.fromJSONSchema(
    z.json().pipe(z.record(z.string(), z.json())).parse(reportJsonSchema()),
  );
  const report: unknown = JSON.parse(formatReport(sampleReport()));
  expect(schema.safeParse(report).error).toBeUndefined();
  const text = formatReport(sampleReport()).replace('"outcome": "pass"', '"outcome": "odd"');
  expect(schema.safeParse(JSON.parse(text)).success).toBe(false);
});
