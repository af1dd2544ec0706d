import { createHash } from "node:crypto";
import { join } from "node:path";
import { expect, test } from "vitest";
import { formatPage } from "../../../../src/matrix/report/html/page.ts";
import { pageData } from "../../../../src/matrix/report/html/page-data.ts";
import { readPageTemplate } from "../../../../src/matrix/report/html/page-template.ts";
import { packed, sampleReport, sampleResult } from "../../../support/matrix/sample-report.ts";
import { projectFolder } from "../../../support/project-files.ts";

test("the page is one file whose policy knows its style and its script by their hashes", async () => {
  const page = await pageOf(sampleReport());
  const [, style = ""] = /<style>([\s\S]*)<\/style>/.exec(page) ?? [];
  const [, script = ""] = /<script>([\s\S]*)<\/script>/.exec(page) ?? [];
  const policy = `default-src 'none'; style-src '${hash(style)}'; script-src '${hash(script)}'; base-uri 'none'; form-action 'none'`;
  expect(page).toContain(`<meta http-equiv="Content-Security-Policy" content="${policy}">`);
  expect(page).not.toMatch(/\b(src|href)=/);
  expect(script).not.toMatch(/^(import|export) /m);
});

test("nothing that a report says is markup in the page", async () => {
  const hostile = "</script><!--<script><title>A report of a matrix</title>&";
  const page = await pageOf(sampleReport([sampleResult({ output: hostile })], { name: hostile }));
  expect(page.match(/<script|<\/script|<!--/g)).toHaveLength(4);
  expect(page).toContain("<title>&lt;/script&gt;&lt;!--");
  expect(page).toContain('"output":"\\u003c/script>\\u003c!--');
});

test("a template that lacks a place for something is refused", async () => {
  const template = await readPageTemplate(join(projectFolder, "templates"));
  const html = template.html.replace("<title>", "<title lang='en'>");
  expect(() => formatPage(sampleReport(), { ...template, html })).toThrow("<title>");
});

test("a kernel's configuration is found by the release that ran, or the one that would have", () => {
  const results = [
    sampleResult({ kernelRelease: "6.1.0" }),
    sampleResult({ workload: "a", kernelConfig: "6.1.0" }),
    sampleResult({ workload: "b", kernelRelease: "7.3.4" }),
    sampleResult({ workload: "c", kernelRelease: "constructor" }),
    sampleResult({ workload: "d" }),
  ];
  const report = sampleReport(results, { kernelConfigs: { "6.1.0": packed("x") } });
  const configs = pageData(report).cells.map(({ kernelConfig }) => kernelConfig);
  expect(configs).toEqual(["6.1.0", "6.1.0", null, null, null]);
});

test("times are in seconds, with each step's share of the whole", () => {
  const timings = { bootMs: 2500, workloadMs: 5000, totalMs: 10_000 };
  const data = pageData(sampleReport([sampleResult({ timings })]));
  expect(data.cells[0]?.timings).toEqual([
    { step: "Boot", share: 0.25, text: "2.5 s" },
    { step: "Workload", share: 0.5, text: "5.0 s" },
    { step: "In all", share: 1, text: "10.0 s" },
  ]);
  expect(data.facts).toContainEqual(["Started", "2026-11-01 10:00:00 UTC"]);
});

async function pageOf(report: Parameters<typeof formatPage>[0]): Promise<string> {
  return formatPage(report, await readPageTemplate(join(projectFolder, "templates")));
}

function hash(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
