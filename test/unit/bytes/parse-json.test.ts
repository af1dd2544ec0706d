import { expect, test } from "vitest";
import { isDeeperThan } from "../../../src/bytes/parse-json.ts";

test.each([
  [1, 0, false],
  [[], 0, true],
  [[], 1, false],
  [{ a: [1, null], b: {} }, 2, false],
  [{ a: [1, null], b: {} }, 1, true],
  [JSON.parse("[".repeat(100_000) + "]".repeat(100_000)), 64, true],
])("the levels of a value are told (%#)", (value, levels, isDeeper) => {
  expect(isDeeperThan(value, levels)).toBe(isDeeper);
});
