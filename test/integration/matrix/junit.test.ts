import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { formatJUnit } from "../../../src/matrix/report/junit/junit.ts";
import { sampleReport, sampleResult } from "../../support/matrix/sample-report.ts";
import { projectFolder } from "../../support/project-files.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const schema = join(projectFolder, "test/fixtures/junit/common.xsd");

test("xmllint finds a report with every outcome valid by JUnit's common schema", async () => {
  await expect(validate(formatJUnit(sampleReport()))).resolves.toContain("validates");
});

test("xmllint finds reports valid whose texts are full of what XML forbids", async () => {
  const everything = String.fromCharCode(...Array(0xffff).keys());
  const result = sampleResult({ outcome: "fail", reason: everything, output: everything });
  const odd = { ...result, console: everything, kernelRelease: everything, splats: [everything] };
  await expect(validate(formatJUnit(sampleReport([odd])))).resolves.toContain("validates");
  await expect(validate(formatJUnit(sampleReport([])))).resolves.toContain("validates");
});

test("xmllint refuses by that schema what is no such report", async () => {
  const text = formatJUnit(sampleReport()).replaceAll("<failure ", "<failed ");
  await expect(validate(text.replaceAll("</failure>", "</failed>"))).rejects.toThrow("failed");
});

/** What xmllint says of the document; it rejects when that is not valid. */
async function validate(text: string): Promise<string> {
  const path = join(await temporaryDirectory(), "junit.xml");
  await writeFile(path, text);
  const { stderr } = await promisify(execFile)("xmllint", ["--noout", "--schema", schema, path]);
  return stderr;
}
