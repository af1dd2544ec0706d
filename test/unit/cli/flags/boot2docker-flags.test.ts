import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { parseBoot2dockerFlags } from "../../../../src/cli/flags/boot2docker-flags.ts";

describe("the ISO that docker-machine boots", () => {
  test.each([
    ["is not made unless it is asked for", {}, undefined],
    ["is made in the current folder", { boot2docker: true }, resolve("boot2docker.iso")],
    ["is made where the user says", { boot2docker: true, output: "a/b" }, resolve("a/b")],
  ])("%s", (_title, flags, path) => {
    expect(parseBoot2dockerFlags(flags)).toBe(path);
  });

  test("is not meant by a file name alone", () => {
    expect(() => parseBoot2dockerFlags({ output: "x" })).toThrow("--output is for --boot2docker");
  });
});
