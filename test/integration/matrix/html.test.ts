import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { formatPage } from "../../../src/matrix/report/html/page.ts";
import { readPageTemplate } from "../../../src/matrix/report/html/page-template.ts";
import { outcomes } from "../../../src/matrix/report/outcome.ts";
import type { Report } from "../../../src/matrix/report/report.ts";
import { type Chromium, startChromium } from "../../support/browser/chromium.ts";
import type { Page } from "../../support/browser/page.ts";
import { packed, sampleReport, sampleResult } from "../../support/matrix/sample-report.ts";
import { projectFolder } from "../../support/project-files.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const phone = { width: 360, height: 740 };

let chromium: Chromium;
beforeAll(async () => {
  chromium = await startChromium();
});
afterAll(() => chromium[Symbol.asyncDispose]());

test("the grid shows what the report says, and nothing but the file is asked for", async () => {
  const report = sampleReport();
  const page = await openReport(report);
  expect(await page.evaluate("document.title")).toBe("sample – kernels × engines");
  expect(await page.evaluate(gridTexts)).toEqual([
    [
      ["kernel \\ engine", "20.10", "26.1", "28.5", "29.0"],
      ["5.10", "✓ pass", "✗ fail (7)", "◔ timeout", "✸ kernel-splat"],
      ["6.1", "⊘ boot-fail", "⊗ engine-fail", "! unexpected-pass", "∅ unsupported"],
      ["7.3", "? infra", "· not-run", "x expected-fail", ""],
    ],
    [
      ["kernel \\ engine", "26.1"],
      ["6.1", "✓ pass"],
    ],
  ]);
  const marks = "[...document.querySelectorAll('#legend .mark')].map((mark) => mark.textContent)";
  expect(await page.evaluate(marks)).toEqual(
    Object.entries(outcomes).map(([outcome, { symbol }]) => `${symbol} ${outcome}`),
  );
  expect(page.requests()).toEqual([expect.stringMatching(/^file:.*\/report\.html$/)]);
  expect(page.complaints()).toEqual([]);
});

test("a click, or Enter on a cell, opens its log; Escape closes it", async () => {
  const page = await openReport(sampleReport());
  await page.click("[aria-label='5.10/26.1 · smoke: fail (7)']");
  await page.until(isOpen);
  const shown = await page.evaluate("document.querySelector('#cell').innerText");
  expect(shown).toContain("the workload ended with status 7");
  expect(shown).toContain("check 3: mount: overlay | <b>`not` supported</b>\n```\nbye");
  expect(await page.evaluate("location.hash")).toBe("#smoke%2F5.10%2F26.1");
  await page.press("Escape");
  await page.until(`!${isOpen}`);

  await page.evaluate("document.querySelector('[aria-label^=\"5.10/29.0\"]').focus()");
  await page.press("Enter");
  await page.until(isOpen);
  const splat = await page.evaluate("document.querySelector('#cell').innerText");
  expect(splat).toContain("BUG: kernel NULL pointer dereference, address: 0000000000000000");
  expect(splat).toContain("[  12.1] Oops: 0002");
  await page.click("#close");
  await page.until(`!${isOpen}`);
});

test("a cell's address opens it, and leaving the address closes it", async () => {
  const page = await openReport(sampleReport(), "#smoke%2F6.1%2F28.5");
  expect(await page.evaluate(isOpen)).toBe(true);
  expect(await page.evaluate("document.querySelector('#cell').innerText")).toContain("#12");
  await page.evaluate("location.hash = ''");
  await page.until(`!${isOpen}`);
});

test("a cell that is chosen right after another was left is shown", async () => {
  const page = await openReport(sampleReport(), "#smoke%2F6.1%2F28.5");
  await page.evaluate(`new Promise((done) => {
    addEventListener("hashchange", done, { once: true });
    document.querySelector("#close").click();
    document.querySelector("[aria-label^='5.10/26.1']").click();
  })`);
  expect(await page.evaluate(isOpen)).toBe(true);
  expect(await page.evaluate("document.querySelector('h2#cell-title').textContent")).toBe(
    "5.10/26.1 · smoke",
  );
});

test("the kernel's configuration is unpacked in the page, and can be filtered", async () => {
  const page = await openReport(sampleReport(), "#smoke%2F6.1%2F29.0");
  await page.click(".config summary");
  await page.until("document.querySelector('.config pre') !== null");
  const pre = "document.querySelector('.config pre').textContent";
  expect(await page.evaluate(pre)).toBe("CONFIG_OVERLAY_FS=m\nCONFIG_VETH=m");
  await page.click(".filter input");
  await page.type("veth");
  await page.until(`${pre} === "CONFIG_VETH=m"`);
  expect(await page.evaluate("document.querySelector('.filter output').textContent")).toBe(
    "1 of 2 lines",
  );
  expect(page.requests()).toHaveLength(1);
  expect(page.complaints()).toEqual([]);
});

test("what is written in a report is shown as text and never becomes part of the page", async () => {
  const hostile = `</script><!--<script><img src="http://a.example/x" onerror="document.title='owned'">`;
  const axes = { kernel: hostile, engine: hostile };
  const result = sampleResult({
    axes,
    cell: hostile,
    workload: hostile,
    outcome: "fail",
    reason: hostile,
    output: hostile,
    console: hostile,
    splats: [hostile],
    kernelRelease: hostile,
    xfail: hostile,
  });
  const kernelConfigs = { [hostile]: packed(hostile) };
  const page = await openReport(sampleReport([result], { name: hostile, kernelConfigs }));
  await page.click("td button");
  await page.until(isOpen);
  await page.click(".config summary");
  await page.until("document.querySelector('.config pre') !== null");
  expect(await page.evaluate("document.querySelector('.config pre').textContent")).toBe(hostile);
  expect(await page.evaluate("document.querySelector('h1').textContent")).toBe(hostile);
  expect(await page.evaluate("document.images.length")).toBe(0);
  expect(await page.evaluate("document.title")).toContain("</script>");
  expect(page.requests()).toHaveLength(1);
  expect(page.complaints()).toEqual([]);
});

test("the page's policy refuses what anybody else would have it run or fetch", async () => {
  const page = await openReport(sampleReport());
  await page.evaluate(`document.body.insertAdjacentHTML("beforeend",
    "<img src='http://127.0.0.1:9/x' onerror='document.title = 1'>")`);
  await page.until("document.images[0].complete");
  expect(await page.evaluate("fetch('http://127.0.0.1:9/').catch(() => 'refused')")).toBe(
    "refused",
  );
  expect(page.complaints().join("\n")).toContain("Content Security Policy");
  expect(await page.evaluate("document.title")).toBe("sample – kernels × engines");
});

test("nothing of the page is wider than a phone, whether a cell is shown or not", async () => {
  const wide = { workload: "w".repeat(80), reason: "r".repeat(200), output: "o".repeat(500) };
  const many = [...Array(12).keys()].map((index) =>
    sampleResult({
      axes: { kernel: "6.12-full", engine: `2${index}.1` },
      outcome: "fail",
      ...wide,
    }),
  );
  const report = sampleReport([...sampleReport().results, ...many], { name: "n".repeat(100) });
  const page = await openReport(report);
  await page.resize(phone.width, phone.height);
  expect(await page.evaluate(widthOf("document.documentElement"))).toBe(phone.width);
  await page.evaluate("document.querySelectorAll('td button')[12].click()");
  await page.until(isOpen);
  expect(await page.evaluate(widthOf("document.documentElement"))).toBe(phone.width);
  expect(await page.evaluate("document.querySelector('#cell').scrollWidth")).toBeLessThanOrEqual(
    phone.width,
  );
  expect(await page.evaluate("window.innerWidth")).toBe(phone.width);
});

const isOpen = "document.querySelector('dialog').open";

/** The cells of each table, row by row. */
const gridTexts = `[...document.querySelectorAll("main table")].map((table) =>
  [...table.rows].map((row) => [...row.cells].map((cell) =>
    [...cell.querySelectorAll("span")].map((span) => span.textContent).join(" ") || cell.textContent)))`;

function widthOf(element: string): string {
  return `${element}.scrollWidth`;
}

async function openReport(report: Report, address = ""): Promise<Page> {
  const path = join(await temporaryDirectory(), "report.html");
  const template = await readPageTemplate(join(projectFolder, "templates"));
  await writeFile(path, formatPage(report, template));
  return chromium.open(`${pathToFileURL(path).href}${address}`);
}
