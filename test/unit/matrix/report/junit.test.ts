import { expect, test } from "vitest";
import { formatJUnit } from "../../../../src/matrix/report/junit/junit.ts";
import { sampleReport, sampleResult } from "../../../support/matrix/sample-report.ts";

test("a workload is a suite, a cell a case, with what was found out as the suite's properties", () => {
  const report = sampleReport([
    sampleResult({
      kernelRelease: "6.1.0-50-amd64",
      accelerator: "kvm",
      output: "fine\n",
      timings: { totalMs: 1234.5678 },
    }),
    sampleResult({ outcome: "fail", workload: "load", reason: 'status 7 & "more"' }),
  ]);
  expect(formatJUnit(report)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="sample" tests="2" failures="1" errors="0" time="11.235">
  <testsuite name="smoke" tests="1" failures="0" errors="0" skipped="0" time="1.235" timestamp="2026-11-01T10:00:00">
    <properties>
      <property name="6.1/26.1 kernelRelease" value="6.1.0-50-amd64"/>
      <property name="6.1/26.1 accelerator" value="kvm"/>
    </properties>
    <testcase name="6.1/26.1" classname="kernel-6_1.engine-26_1" time="1.235">
      <system-out>fine
</system-out>
    </testcase>
  </testsuite>
  <testsuite name="load" tests="1" failures="1" errors="0" skipped="0" time="10.000" timestamp="2026-11-01T10:00:00">
    <testcase name="6.1/26.1" classname="kernel-6_1.engine-26_1" time="10.000">
      <failure message="fail: status 7 &amp; &#34;more&#34;" type="fail"/>
    </testcase>
  </testsuite>
</testsuites>
`);
});

test.each([
  ["fail", "failure"],
  ["timeout", "failure"],
  ["kernel-splat", "failure"],
  ["boot-fail", "failure"],
  ["engine-fail", "failure"],
  ["unexpected-pass", "failure"],
  ["infra", "error"],
  ["unsupported", "skipped"],
  ["expected-fail", "skipped"],
  ["not-run", "skipped"],
] as const)("%s is a %s whose message begins with that word", (outcome, element) => {
  const text = formatJUnit(sampleReport([sampleResult({ outcome })]));
  expect(text).toContain(`<${element} message="${outcome}: `);
  expect(text.match(/<(failure|error|skipped) /g)).toHaveLength(1);
});

test.each([
  ["expected-fail", "status 7", "no nft", "expected-fail: status 7 (expected to fail: no nft)"],
  [
    "unexpected-pass",
    "expected to fail: no nft",
    "no nft",
    "unexpected-pass: expected to fail: no nft",
  ],
] as const)(
  "what became of %s comes before what was expected",
  (outcome, reason, xfail, message) => {
    const text = formatJUnit(sampleReport([sampleResult({ outcome, reason, xfail })]));
    expect(text).toContain(` message="${message}"`);
  },
);

test("a kernel's complaints and the end of the console are in the failure", () => {
  const console = Array.from({ length: 100 }, (_, line) => `line ${line}\r\n`).join("");
  const result = sampleResult({ outcome: "kernel-splat", splats: ["BUG: <x>"], console });
  const text = formatJUnit(sampleReport([result]));
  expect(text).toMatch(/type="kernel-splat">BUG: &lt;x&gt;\nline 60\n/);
  expect(text).toContain("\nline 99</failure>");
  expect(text).not.toContain("line 59");
});

test("what XML forbids or means otherwise does not get into the document", () => {
  const output = "\u001b[31m]]>\u0000\ud800\ufffe</system-out>&amp;";
  const text = formatJUnit(sampleReport([sampleResult({ output, workload: 'a"<b>\u0001' })]));
  expect(text).toContain("<system-out>]]&gt;���&lt;/system-out&gt;&amp;amp;</system-out>");
  expect(text).toContain('name="a&#34;&lt;b&gt;�"');
});
