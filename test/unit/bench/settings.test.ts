import { resolve } from "node:path";
import { expect, test } from "vitest";
import { parseSettings } from "../../bench/settings.ts";

const names = ["images", "create", "version"];

test("without arguments everything is measured", () => {
  expect(parseSettings([], names)).toEqual({
    wanted: new Set(names),
    runs: 3,
    quickRuns: 20,
    storagePath: resolve("bench-results/store"),
    resultName: "latest",
    format: "table",
  });
});

test("arguments choose what is measured, how often and how it is told", () => {
  const args = "--only version,create --runs 1 --quick-runs 5 --store s --name calm --markdown";
  expect(parseSettings(args.split(" "), names)).toEqual({
    wanted: new Set(["version", "create"]),
    runs: 1,
    quickRuns: 5,
    storagePath: resolve("s"),
    resultName: "calm",
    format: "markdown",
  });
});

test.each([
  { args: ["--only", "versoin"], problem: "nothing is called versoin" },
  { args: ["--runs", "0"], problem: "--runs" },
  { args: ["--runs", "many"], problem: "--runs" },
  { args: ["--name", "../x"], problem: "--name: not a file's name" },
  { args: ["--fast"], problem: "--fast" },
  { args: ["create"], problem: "create" },
])("$args is refused with a hint that shows the usage", ({ args, problem }) => {
  expect(() => parseSettings(args, names)).toThrow(
    expect.objectContaining({
      code: "INVALID_INPUT",
      message: expect.stringContaining(problem),
      hints: [expect.stringContaining("npm run bench")],
    }),
  );
});
