import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as z from "zod";
import { projectFolder } from "../../support/project-files.ts";
import { tableRows } from "./tables.ts";

const packageSchema = z.object({
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
});
const licenceSchema = z.union([
  z.object({ license: z.string() }).transform(({ license }) => license),
  // The form that packages had before there were SPDX expressions.
  z
    .object({ licenses: z.array(z.object({ type: z.string() })) })
    .transform(({ licenses }) => licenses.map(({ type }) => type).join(" OR ")),
]);

test("docs/dependencies.md has a row for each dependency and for nothing else, in order", async () => {
  const rows = await dependencyRows();
  const { dependencies, devDependencies } = packageSchema.parse(await readJson("package.json"));
  expect(rows.map(([name]) => name)).toEqual([
    ...Object.keys(dependencies).sort(),
    ...Object.keys(devDependencies).sort(),
  ]);
});

test("docs/dependencies.md gives each dependency's licence as its package does, and its use", async () => {
  for (const [name = "", licence, use] of await dependencyRows()) {
    const stated = licenceSchema.parse(await readJson(`node_modules/${name}/package.json`));
    expect([name, licence]).toEqual([name, stated]);
    expect(use, name).not.toBe("");
  }
});

async function dependencyRows(): Promise<string[][]> {
  const text = await readFile(join(projectFolder, "docs/dependencies.md"), "utf8");
  return tableRows(text, "package");
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(join(projectFolder, path), "utf8"));
}
