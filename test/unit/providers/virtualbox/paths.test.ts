import { expect, test } from "vitest";
import { isInPlace } from "../../../../src/providers/virtualbox/machine/own.ts";
import { isBelow } from "../../../../src/providers/virtualbox/paths.ts";

test.each([
  ["/store/dev", "/store/dev/dev/dev.vbox", true],
  ["/store/dev", "/store/dev2/dev.vbox", false],
  ["/store/dev", "/Store/dev/dev.vbox", false],
  ["C:\\Users\\jo\\dev", "c:\\users\\Jo\\dev\\dev.vbox", true],
  ["C:\\Users\\jo\\dev", "C:/Users/jo/dev/dev.vbox", true],
  ["C:\\Users\\jo\\dev", "C:\\Users\\jo\\dev2\\dev.vbox", false],
  ["\\\\nas\\vms", "\\\\NAS\\vms\\dev.vbox", true],
])("below %s is %s: %s", (directory, settingsFile, isThere) => {
  expect(isBelow(directory, settingsFile)).toBe(isThere);
  expect(isInPlace({ directory }, { settingsFile })).toBe(isThere);
});
