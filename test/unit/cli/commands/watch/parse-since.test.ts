import { expect, test } from "vitest";
import { parseSince } from "../../../../../src/cli/commands/watch/parse-since.ts";

const now = new Date("2026-01-31T12:00:00.000Z");

test.each([
  ["90s", "2026-01-31T11:58:30.000Z"],
  ["10m", "2026-01-31T11:50:00.000Z"],
  ["2h", "2026-01-31T10:00:00.000Z"],
  ["3d", "2026-01-28T12:00:00.000Z"],
  ["2026-01-30T00:00:00Z", "2026-01-30T00:00:00.000Z"],
  ["2026-01-30", "2026-01-30T00:00:00.000Z"],
])("%s is a time", (text, time) => {
  expect(parseSince(text, now).toISOString()).toBe(time);
});

test.each(["", "now", "10", "10 m", "-1h", "2026-13-01", "m"])("%j is none", (text) => {
  expect(() => parseSince(text, now)).toThrow("which is no time");
});
