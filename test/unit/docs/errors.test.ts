import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { exitStatusByCode } from "../../../src/errors/codes.ts";
import { projectFolder, sourceFiles } from "../../support/project-files.ts";
import { tableRows } from "./tables.ts";

test("docs/errors.md has a row for every code, in order, with its exit status", async () => {
  const text = await readFile(join(projectFolder, "docs/errors.md"), "utf8");
  const rows = tableRows(text, "code");
  const codes = Object.entries(exitStatusByCode).map(([code, status]) => [code, String(status)]);
  expect(rows.map(([code, status]) => [code, status])).toEqual(codes);
  for (const row of rows) expect(row, row[0]).toEqual(Array(4).fill(expect.stringMatching(/\S/)));
});

test("the codes are in alphabetical order, and each is thrown somewhere", async () => {
  const codes = Object.keys(exitStatusByCode);
  expect(codes).toEqual([...codes].sort());
  const paths = (await sourceFiles()).filter((path) => path !== "errors/codes.ts");
  const texts = await Promise.all(
    paths.map((path) => readFile(join(projectFolder, "src", path), "utf8")),
  );
  const source = texts.join("\n");
  expect(codes.filter((code) => !source.includes(`"${code}"`))).toEqual([]);
});
