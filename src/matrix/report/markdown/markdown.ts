import { type Grid, gridsOf, tally } from "../grid.ts";
import { outcomes } from "../outcome.ts";
import { lastLines, readableLine, readableText } from "../readable-text.ts";
import type { CellResult, Report } from "../report.ts";
import { formatSeconds } from "../times.ts";
import { codeBlock, escapeMarkdown } from "./markdown-text.ts";

/** GitHub takes a summary of up to 1 MiB for each step, and shows nothing of one that is longer. */
const byteLimit = 1024 * 1024;
/** Left for the sentence that says that something is missing. */
const reserveBytes = 1024;

const outputLineCount = 20;
const lineLength = 300;

/**
 * The report as a page in Markdown, for a CI's summary: grids of kernels × engines, a legend, and what
 * is known of each cell that did not pass. At most 1 MiB: sections that would be too much are left out.
 */
export function formatMarkdown(report: Report): string {
  const sections = [
    heading(report),
    ...gridsOf(report).map(gridTable),
    legend(report),
    ...report.results.filter(({ outcome }) => outcome !== "pass").map(details),
  ].map((lines) => `${lines.join("\n")}\n`);
  const kept = fitting(sections, byteLimit - reserveBytes);
  return [...kept, ...omission(sections.length - kept.length)].join("\n");
}

/** The sections that together have no more bytes; one that is too long does not keep out the next. */
function fitting(sections: readonly string[], limit: number): string[] {
  let size = 0;
  return sections.filter((section) => {
    const next = size + Buffer.byteLength(section) + 1;
    if (next > limit) return false;
    size = next;
    return true;
  });
}

function omission(count: number): string[] {
  if (count === 0) return [];
  const what = count === 1 ? "1 section is" : `${count} sections are`;
  return [`${what} left out, because a summary has 1 MiB at most. The HTML report has all.\n`];
}

function heading(report: Report): string[] {
  const passed = report.results.filter(({ outcome }) => outcome === "pass").length;
  const spanMs = Date.parse(report.endedAt) - Date.parse(report.startedAt);
  return [
    `## ${inline(report.name)}`,
    "",
    `${passed} of ${report.results.length} passed, in ${formatSeconds(spanMs)}.`,
  ];
}

function gridTable({ workload, variant, engines, rows }: Grid): string[] {
  const title = variant === "" ? inline(workload) : `${inline(workload)} (${inline(variant)})`;
  return [
    `### ${title}`,
    "",
    `| kernel \\ engine | ${engines.map(inline).join(" | ")} |`,
    `|${" --- |".repeat(engines.length + 1)}`,
    ...rows.map(
      ({ kernel, results }) => `| **${inline(kernel)}** | ${results.map(gridCell).join(" | ")} |`,
    ),
  ];
}

function gridCell(result: CellResult | undefined): string {
  if (result === undefined) return "";
  return `${inline(outcomes[result.outcome].symbol)} ${outcomeWords(result)}`;
}

/** "fail (7)" */
function outcomeWords({ outcome, exitStatus }: CellResult): string {
  return outcome === "fail" && exitStatus !== undefined ? `fail (${exitStatus})` : outcome;
}

function legend(report: Report): string[] {
  return [
    "| | outcome | cells | meaning |",
    "| --- | --- | ---: | --- |",
    ...tally(report).map(({ outcome, count }) => {
      const { symbol, meaning } = outcomes[outcome];
      return `| ${inline(symbol)} | ${outcome} | ${count} | ${meaning} |`;
    }),
  ];
}

function details(result: CellResult): string[] {
  const { symbol } = outcomes[result.outcome];
  const title = `${inline(result.cell)} ${inline(result.workload)}: ${outcomeWords(result)}`;
  const blocks = [
    ...paragraph("", result.reason),
    ...paragraph("Expected to fail: ", result.xfail ?? ""),
    ...paragraph("Observed: ", result.observed ?? ""),
    ...result.splats.slice(0, outputLineCount).flatMap((splat) => paragraph("Kernel: ", splat)),
    ...ending("output", result.output),
    ...(needsConsole(result) ? ending("console", result.console) : []),
  ];
  return [`<details><summary>${inline(symbol)} ${title}</summary>`, "", ...blocks, "</details>"];
}

/** Where the workload says nothing, or the kernel says more. */
function needsConsole({ output, splats }: CellResult): boolean {
  return output === "" || splats.length > 0;
}

function paragraph(label: string, text: string): string[] {
  return text === "" ? [] : [`${label}${inline(text)}`, ""];
}

function ending(name: string, text: string): string[] {
  const lines = lastLines(readableText(text), outputLineCount);
  if (lines.length === 0) return [];
  return [`The end of its ${name}:`, "", ...codeBlock(lines.map(shorten)), ""];
}

function inline(text: string): string {
  return escapeMarkdown(shorten(readableLine(text)));
}

function shorten(line: string): string {
  const characters = [...line];
  return characters.length > lineLength ? `${characters.slice(0, lineLength).join("")}…` : line;
}
