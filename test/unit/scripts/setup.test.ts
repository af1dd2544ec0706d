import { mkdir, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { isInRange } from "../../../scripts/setup/node-version.mjs";
import { satisfiesLock } from "../../../scripts/setup/satisfies-lock.mjs";
import { isBuilt, isInstalled } from "../../../scripts/setup/up-to-date.mjs";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

describe("isInRange", () => {
  test.each([
    { version: "20.19.0", expected: true },
    { version: "20.20.2", expected: true },
    { version: "22.12.0", expected: true },
    { version: "24.0.0", expected: true },
    { version: "22.11.9", expected: false },
    { version: "21.7.3", expected: false },
    { version: "20.18.9", expected: false },
    { version: "18.20.0", expected: false },
  ])("$version: $expected", ({ version, expected }) => {
    expect(isInRange(version, "^20.19.0 || >=22.12.0")).toBe(expected);
  });
});

describe("satisfiesLock", () => {
  const one = { version: "1.0.0", integrity: "sha512-one" };
  const two = { version: "2.0.0", integrity: "sha512-two" };
  const lock = {
    packages: { "": {}, "node_modules/a": one, "node_modules/b": { ...two, optional: true } },
  };

  test.each([
    {
      title: "all is there",
      installed: { "node_modules/a": one, "node_modules/b": two },
      expected: true,
    },
    { title: "an optional one is missing", installed: { "node_modules/a": one }, expected: true },
    { title: "one is missing", installed: { "node_modules/b": two }, expected: false },
    { title: "one has another version", installed: { "node_modules/a": two }, expected: false },
    {
      title: "one has other content",
      installed: { "node_modules/a": { ...one, integrity: "sha512-other" } },
      expected: false,
    },
    {
      title: "there is one too many",
      installed: { "node_modules/a": one, "node_modules/c": two },
      expected: false,
    },
  ])("$expected when $title", ({ installed, expected }) => {
    expect(satisfiesLock(lock, { packages: installed })).toBe(expected);
  });
});

describe("isInstalled", () => {
  async function packageWith(files: Record<string, string>): Promise<URL> {
    const folder = await temporaryDirectory();
    await mkdir(join(folder, "node_modules"));
    for (const [path, text] of Object.entries(files)) await writeFile(join(folder, path), text);
    return pathToFileURL(`${folder}/`);
  }
  const lock = '{"packages": {"node_modules/a": {"version": "1.0.0"}}}';

  test.each([
    { title: "false in a fresh clone", files: {}, expected: false },
    {
      title: "false after an installation that was cut short",
      files: { "node_modules/.package-lock.json": '{"pack' },
      expected: false,
    },
    {
      title: "true when npm has done its work",
      files: { "node_modules/.package-lock.json": lock },
      expected: true,
    },
  ])("is $title", async ({ files, expected }) => {
    expect(await isInstalled(await packageWith({ "package-lock.json": lock, ...files }))).toBe(
      expected,
    );
  });
});

describe("isBuilt", () => {
  const early = new Date("2026-01-01T00:00:00Z");
  const buildPrograms = ["scripts/build.mjs", "scripts/build/a.ts", "scripts/code-cache/a.ts"];
  const late = new Date("2026-01-02T00:00:00Z");

  async function builtPackage(): Promise<string> {
    const root = await temporaryDirectory();
    const files = [
      "package.json",
      "package-lock.json",
      ...buildPrograms,
      "src/a/b.ts",
      "dist/main.cjs",
    ];
    for (const folder of ["scripts/build", "scripts/code-cache", "src/a", "dist"])
      await mkdir(join(root, folder), { recursive: true });
    for (const file of files) await writeFile(join(root, file), "");
    for (const path of [...files, "scripts/build", "scripts/code-cache", "src/a", "src"])
      await utimes(join(root, path), early, early);
    await utimes(join(root, "dist/main.cjs"), late, late);
    return root;
  }
  const isBuiltAt = (root: string) => isBuilt(pathToFileURL(`${root}/`));

  test("is true when dist/ is newer than its sources", async () => {
    expect(await isBuiltAt(await builtPackage())).toBe(true);
  });

  test.each(["package.json", "package-lock.json", ...buildPrograms, "src/a/b.ts"])(
    "is false when %s has changed since",
    async (path) => {
      const root = await builtPackage();
      await writeFile(join(root, path), "changed");
      expect(await isBuiltAt(root)).toBe(false);
    },
  );

  test("is false when a source was removed since", async () => {
    const root = await builtPackage();
    await rm(join(root, "src/a/b.ts"));
    expect(await isBuiltAt(root)).toBe(false);
  });

  test("is false when there is no dist/", async () => {
    const root = await builtPackage();
    await rm(join(root, "dist"), { recursive: true });
    expect(await isBuiltAt(root)).toBe(false);
  });
});
