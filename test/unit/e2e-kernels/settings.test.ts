import { expect, test } from "vitest";
import { parseSettings } from "../../e2e-kernels/settings.ts";

test("without arguments every kernel of the small flavour is tried", () => {
  expect(parseSettings([])).toEqual({
    ...{ only: undefined, flavour: "cloud", engine: undefined, extent: "all" },
  });
});

test("arguments choose kernels and the engine", () => {
  expect(parseSettings("--only 6.1,7.3 --flavour full --engine 20.10 --ci".split(" "))).toEqual({
    ...{ only: ["6.1", "7.3"], flavour: "full", engine: "20.10", extent: "ends" },
  });
});

test.each([
  { args: ["--only", "6"], problem: "--only: not a list of series" },
  { args: ["--flavour", "tiny"], problem: "--flavour" },
  { args: ["--all"], problem: "--all" },
  { args: ["6.1"], problem: "6.1" },
])("$args is refused with a hint that shows the usage", ({ args, problem }) => {
  expect(() => parseSettings(args)).toThrow(
    expect.objectContaining({
      code: "INVALID_INPUT",
      message: expect.stringContaining(problem),
      hints: [expect.stringContaining("npm run e2e:kernels -- [--only")],
    }),
  );
});
