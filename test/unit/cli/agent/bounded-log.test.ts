import { expect, test } from "vitest";
import { boundedLog } from "../../../../src/cli/agent/bounded-log.ts";

const now = () => new Date("2026-03-01T12:00:00Z");

test("a line is written with its time", () => {
  let written = "";
  boundedLog((text) => {
    written += text;
  }, now)("web: port 80/tcp is in use");
  expect(written).toBe("2026-03-01T12:00:00.000Z web: port 80/tcp is in use\n");
});

test("a log that is full says so once and stays as it is", () => {
  let written = "";
  const log = boundedLog((text) => {
    written += text;
  }, now);
  for (let count = 0; count < 10_000; count += 1) log("the engine does not answer");
  expect(written.length).toBeLessThan(257 * 1024);
  expect(written.match(/the log is full/g)).toHaveLength(1);
});
