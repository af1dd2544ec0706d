import { expect, test } from "vitest";
import { isSwitchedOn } from "../../../../src/cli/flags/flag-value.ts";

test.each([undefined, "", "0", "f", "false", "FALSE"])("%j leaves a variable off", (text) => {
  expect(isSwitchedOn(text)).toBe(false);
});

test.each(["1", "t", "true", "yes"])("%j switches a variable on", (text) => {
  expect(isSwitchedOn(text)).toBe(true);
});
