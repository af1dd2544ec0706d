import { readdir, readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { expect, test } from "vitest";
import { projectFolder, sourceFiles } from "../../support/project-files.ts";
import { compositionRoot, importableBy, layerOf, mayImport } from "./layers.ts";
import { refusedFiles, specifierFor } from "./planted-source.ts";

const lintTimeoutMs = 240_000;

test("src/ has the folders that the layers name, and no file beside them", async () => {
  const names = await readdir(join(projectFolder, "src"));
  expect(names.sort()).toEqual(Object.keys(importableBy).sort());
});

test("from every folder there is, exactly the imports that lead up or sideways are refused", {
  timeout: lintTimeoutMs,
}, async () => {
  const imported = [...Object.keys(importableBy).flatMap(filesOfLayer)];
  const folders = new Set((await sourceFiles()).map((path) => posix.dirname(path)));
  const importers = [...folders].flatMap((folder) =>
    imported.map((path, index) => ({ importer: `${folder}/planted-${index}.ts`, path })),
  );
  const expected = importers.filter(({ importer, path }) => !mayImport(importer, path));
  const refused = await refusedFiles(
    new Map(
      importers.map(({ importer, path }) => [
        importer,
        `import { planted } from "${specifierFor(importer, path)}";\nplanted();\n`,
      ]),
    ),
  );
  expect(refused).toEqual(expected.map(({ importer }) => importer).sort());
  expect(new Set(refused.map(layerOf)).size).toBe(Object.keys(importableBy).length);
});

test("only cli/providers.ts may import a provider", { timeout: lintTimeoutMs }, async () => {
  const text = (importer: string) =>
    `import { planted } from "${specifierFor(importer, "providers/kvm/provider.ts")}";\nplanted();\n`;
  const importers = [compositionRoot, "cli/main.ts", "cli/commands/providers.ts"];
  const refused = await refusedFiles(new Map(importers.map((path) => [path, text(path)])));
  expect(refused).toEqual(["cli/commands/providers.ts", "cli/main.ts"]);
});

const forms = {
  "a type": 'import type { X } from "../core/x.ts";\nexport type Y = X;\n',
  "a side effect": 'import "../core/x.ts";\n',
  "a name passed on": 'export { x } from "../core/x.ts";\n',
  "everything passed on": 'export * from "../core/x.ts";\n',
  "a module loaded later": 'export const load = () => import("../core/x.ts");\n',
};

test("the rule sees imports in every form", { timeout: lintTimeoutMs }, async () => {
  const files = Object.values(forms).map(
    (text, index) => [`store/form-${index}.ts`, text] as const,
  );
  expect(await refusedFiles(new Map(files))).toEqual(files.map(([path]) => path));
});

test("no file imports in a form that the rule does not see", async () => {
  const unseen = /\brequire\s*\(|typeof import\(|\bimport\([^()]*\)\s*\.|globalThis\.process/;
  for (const path of await sourceFiles()) {
    const text = await readFile(join(projectFolder, "src", path), "utf8");
    expect(text, path).not.toMatch(unseen);
  }
});

test("programs are started in host/ alone, and the process is touched in cli/ and host/ alone", {
  timeout: lintTimeoutMs,
}, async () => {
  const texts = {
    spawn: 'import { spawn } from "node:child_process";\nspawn("true");\n',
    execa: 'export const load = () => import("execa");\n',
    import: 'import { env } from "node:process";\nexport const home = env.HOME;\n',
    global: "export const home = process.env.HOME;\n",
  };
  const files = [...Object.keys(importableBy), "providers/kvm", "providers/kvm/qmp"].flatMap(
    (folder) =>
      Object.entries(texts).map(([kind, text]) => ({ path: `${folder}/${kind}.ts`, kind, text })),
  );
  const isAllowed = (path: string, kind: string) =>
    layerOf(path) === "host" ||
    (layerOf(path) === "cli" && (kind === "import" || kind === "global"));
  const refused = await refusedFiles(new Map(files.map(({ path, text }) => [path, text])));
  const expected = files.filter(({ path, kind }) => !isAllowed(path, kind));
  expect(refused).toEqual(expected.map(({ path }) => path).sort());
});

/** Files that stand for all of a folder: near its top and deep in it. */
function filesOfLayer(layer: string): string[] {
  if (layer !== "providers") return [`${layer}/x.ts`, `${layer}/deep/er/x.ts`];
  return [
    "providers/provider.ts",
    "providers/option-meta.ts",
    "providers/kvm/provider.ts",
    "providers/other/provider.ts",
    "providers/other/deep/x.ts",
  ];
}
