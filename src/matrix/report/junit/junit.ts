import { type Outcome, outcomes } from "../outcome.ts";
import { lastLines, readableLine, readableText } from "../readable-text.ts";
import type { CellResult, Report } from "../report.ts";
import { formatXml, type XmlElement } from "./xml.ts";

/** How much of the console a failure has in it; the pages have more. */
const consoleLineCount = 40;

/** What JUnit's format calls each outcome. */
const elementByOutcome = {
  pass: undefined,
  fail: "failure",
  timeout: "failure",
  "kernel-splat": "failure",
  "boot-fail": "failure",
  "engine-fail": "failure",
  "unexpected-pass": "failure",
  infra: "error",
  unsupported: "skipped",
  "expected-fail": "skipped",
  "not-run": "skipped",
} as const satisfies Record<Outcome, "failure" | "error" | "skipped" | undefined>;

/** What a run found out about the machines, which readers of JUnit's format list as properties. */
const propertyNames = ["kernelRelease", "engineVersion", "accelerator"] as const;

/**
 * The report in JUnit's XML format, as Jenkins's schema has it: a test suite for each workload, a
 * test case for each cell. That schema knows properties of suites alone, so that each begins with its cell.
 */
export function formatJUnit(report: Report): string {
  const workloads = [...new Set(report.results.map(({ workload }) => workload))];
  return formatXml({
    name: "testsuites",
    attributes: {
      name: readableLine(report.name),
      ...counts(report.results),
      ...time(report.results),
    },
    content: workloads.map((workload) => testSuite(workload, report)),
  });
}

function testSuite(workload: string, { results, startedAt }: Report): XmlElement {
  const own = results.filter((result) => result.workload === workload);
  const properties = own.flatMap(propertiesOf);
  return {
    name: "testsuite",
    attributes: {
      name: readableLine(workload),
      ...counts(own),
      skipped: countOf(own, "skipped"),
      ...time(own),
      // In UTC without saying so: the format has no time zones.
      timestamp: new Date(startedAt).toISOString().slice(0, 19),
    },
    content: [
      ...(properties.length > 0
        ? [{ name: "properties", attributes: {}, content: properties }]
        : []),
      ...own.map(testCase),
    ],
  };
}

function testCase(result: CellResult): XmlElement {
  const output = readableText(result.output);
  return {
    name: "testcase",
    attributes: {
      name: readableLine(result.cell),
      classname: className(result),
      ...time([result]),
    },
    content: [
      ...verdictOf(result),
      ...(output === "" ? [] : [{ name: "system-out", attributes: {}, content: output }]),
    ],
  };
}

function verdictOf(result: CellResult): XmlElement[] {
  const { outcome } = result;
  const name = elementByOutcome[outcome];
  if (name === undefined) return [];
  const message = `${outcome}: ${readableLine(explanation(result))}`;
  if (name === "skipped") return [{ name, attributes: { message }, content: [] }];
  return [{ name, attributes: { message, type: outcome }, content: evidence(result) }];
}

/** Why it ended so, and why it was expected to fail, which the reason may have said already. */
function explanation({ outcome, reason, xfail }: CellResult): string {
  const said = reason === "" ? outcomes[outcome].meaning : reason;
  return xfail === undefined || said.includes(xfail)
    ? said
    : `${said} (expected to fail: ${xfail})`;
}

/** What the kernel complained of, and the end of the console. */
function evidence({ splats, console }: CellResult): string {
  return [...splats.map(readableLine), ...lastLines(readableText(console), consoleLineCount)].join(
    "\n",
  );
}

function propertiesOf(result: CellResult): XmlElement[] {
  return propertyNames.flatMap((name) => {
    const value = result[name];
    if (value === undefined) return [];
    const attributes = { name: `${readableLine(result.cell)} ${name}`, value: readableLine(value) };
    return [{ name: "property", attributes, content: [] }];
  });
}

/** "kernel-6_1.engine-26_1": readers take what is before the last dot for a folder of classes. */
function className({ axes }: CellResult): string {
  const word = (text: string) => readableLine(text).replaceAll(".", "_");
  return `kernel-${word(axes.kernel)}.engine-${word(axes.engine)}`;
}

function counts(results: readonly CellResult[]) {
  return {
    tests: results.length,
    failures: countOf(results, "failure"),
    errors: countOf(results, "error"),
  };
}

function countOf(results: readonly CellResult[], element: "failure" | "error" | "skipped"): number {
  return results.filter(({ outcome }) => elementByOutcome[outcome] === element).length;
}

function time(results: readonly CellResult[]) {
  const totalMs = results.reduce((sum, { timings }) => sum + timings.totalMs, 0);
  return { time: (totalMs / 1000).toFixed(3) };
}
