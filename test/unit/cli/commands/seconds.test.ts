import { expect, test } from "vitest";
import { bootLimits } from "../../../../src/cli/commands/boot-limits.ts";

test.each([
  [undefined, 300_000],
  ["", 300_000],
  ["1", 1_000],
  ["600", 600_000],
])("TSMACHINE_BOOT_TIMEOUT %o lets a machine boot for %i ms", (text, bootTimeoutMs) => {
  expect(bootLimits({ TSMACHINE_BOOT_TIMEOUT: text })).toEqual({ bootTimeoutMs });
});

test.each(["0", "-1", "1.5", "ten", "10s", " 10", "1e3", "9999999"])(
  "TSMACHINE_BOOT_TIMEOUT %o is refused",
  (text) => {
    expect(() => bootLimits({ TSMACHINE_BOOT_TIMEOUT: text })).toThrow(
      `TSMACHINE_BOOT_TIMEOUT is "${text}", not a number of seconds`,
    );
  },
);
