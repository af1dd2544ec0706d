import { expect, test } from "vitest";
import { formatMarkdown } from "../../../../src/matrix/report/markdown/markdown.ts";
import { sampleReport, sampleResult } from "../../../support/matrix/sample-report.ts";

test("a page has the grids, a legend, and what is known of each cell that did not pass", () => {
  const report = sampleReport([
    sampleResult(),
    sampleResult({
      axes: { kernel: "6.1", engine: "28.5" },
      outcome: "fail",
      exitStatus: 7,
      reason: "the workload ended with status 7",
      output: "one\ntwo\n",
    }),
    sampleResult({ axes: { kernel: "7.3", engine: "28.5" } }),
  ]);
  expect(formatMarkdown(report)).toBe(`## sample

2 of 3 passed, in 330.0 s.

### smoke

| kernel \\ engine | 26.1 | 28.5 |
| --- | --- | --- |
| **6.1** | ✓ pass | ✗ fail (7) |
| **7.3** |  | ✓ pass |

| | outcome | cells | meaning |
| --- | --- | ---: | --- |
| ✗ | fail | 1 | the workload ended with a status other than 0 |
| ✓ | pass | 2 | the workload ended with status 0 |

<details><summary>✗ 6.1/28.5 smoke: fail (7)</summary>

the workload ended with status 7

The end of its output:

\`\`\`text
one
two
\`\`\`

</details>
`);
});

test("only the last lines of the output are there, and long ones are cut", () => {
  const output = [...Array(50).keys()].map((line) => `line ${line}`).join("\n");
  const result = sampleResult({ outcome: "fail", output: `${output}\n${"x".repeat(1000)}` });
  const text = formatMarkdown(sampleReport([result]));
  expect(text).not.toContain("line 30\n");
  expect(text).toContain("line 31\n");
  expect(text).toContain(`\n${"x".repeat(300)}…\n`);
});

test("the console is there where the workload said nothing, or the kernel complained", () => {
  const silent = sampleResult({ outcome: "boot-fail", console: "no init found" });
  expect(formatMarkdown(sampleReport([silent]))).toContain("```text\nno init found\n```");
  const splat = sampleResult({
    outcome: "kernel-splat",
    splats: ["BUG: x"],
    output: "started",
    console: "Oops",
  });
  const text = formatMarkdown(sampleReport([splat]));
  expect(text).toContain("Kernel: BUG: x\n");
  expect(text).toContain("```text\nstarted\n```");
  expect(text).toContain("```text\nOops\n```");
});

test("what means something to Markdown or HTML reads as it is", () => {
  const result = sampleResult({
    workload: "a|b",
    outcome: "fail",
    reason: "`x` <img src=y> **z**\n# no heading [l](http://a.example)",
    output: "```\n</details><script>\n````",
  });
  const text = formatMarkdown(sampleReport([result]));
  expect(text).toContain("### a&#124;b\n");
  expect(text).toContain(
    "&#96;x&#96; &#60;img src=y&#62; &#42;&#42;z&#42;&#42; &#35; no heading &#91;l&#93;&#40;http",
  );
  expect(text).toContain("`````text\n```\n</details><script>\n````\n`````\n");
});

test("a page has at most 1 MiB and says what is left out", () => {
  const output = `${"é".repeat(290)}\n`.repeat(20);
  const results = [...Array(200).keys()].map((index) =>
    sampleResult({ axes: { kernel: `6.${index}`, engine: "26.1" }, outcome: "fail", output }),
  );
  const text = formatMarkdown(sampleReport(results));
  const size = Buffer.byteLength(text);
  expect(size).toBeLessThanOrEqual(1024 * 1024);
  expect(size).toBeGreaterThan(1_000_000);
  const shown = text.match(/<details>/g)?.length ?? 0;
  expect(text).toContain(`${200 - shown} sections are left out`);
});
