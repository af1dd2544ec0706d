import { expect, test } from "vitest";
import { readOwnOptions } from "../../../../../src/cli/commands/ssh/own-options.ts";

test.each([
  [[], { terminal: "as-fits", input: "passed" }],
  [["-C"], { terminal: "as-fits", input: "passed" }],
  [["-t"], { terminal: "wanted", input: "passed" }],
  [["-tt"], { terminal: "forced", input: "passed" }],
  [["-t", "-qt"], { terminal: "forced", input: "passed" }],
  [["-tT"], { terminal: "never", input: "passed" }],
  [["-n"], { terminal: "as-fits", input: "none" }],
])("our own client understands %j", (options, expected) => {
  expect(readOwnOptions(options)).toEqual(expected);
});

test("our own client names the options that it does not have", () => {
  expect(() => readOwnOptions(["-t", "-L", "8080:localhost:80"])).toThrow(
    "options of ssh (-L 8080:localhost:80) need the OpenSSH client",
  );
});
