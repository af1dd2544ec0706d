import { describe, expect, test } from "vitest";
import { parseRange, seriesWithin } from "../../../../src/matrix/bisect/range.ts";

const offered = ["7.3", "6.12", "6.12", "6.1", "5.10"];

describe("a range of series", () => {
  test("has both ends and what is between, each once, oldest first", () => {
    const range = parseRange("5.10..6.12", "--kernel");
    expect(seriesWithin(range, offered, "--kernel")).toEqual(["5.10", "6.1", "6.12"]);
  });

  test.each([
    ["5.10", /--kernel "5.10" is no range/],
    ["5.10...6.1", /is no range/],
    ["6.12..5.10", /ends before it begins/],
  ])("%s is refused", (text, message) => {
    expect(() => parseRange(text, "--kernel")).toThrow(message);
  });

  test.each([
    ["5.10..6.2", /series 6.2 is not offered/],
    ["6.1..6.1", /has one series alone/],
  ])("%s is refused for what is offered", (text, message) => {
    const range = parseRange(text, "--kernel");
    expect(() => seriesWithin(range, offered, "--kernel")).toThrow(message);
  });
});
