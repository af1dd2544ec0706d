import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareVersions } from "../../../../src/iso/debian/packages/version.ts";
import { versionArbitrary, versionPairs } from "../../../support/debian/versions.ts";

describe("compareVersions", () => {
  test.each(versionPairs)("says %s %s %s", (a, order, b) => {
    const sign = { "<": -1, "=": 0, ">": 1 }[order];
    expect(Math.sign(compareVersions(a, b))).toBe(sign);
    expect(Math.sign(compareVersions(b, a))).toBe(sign === 0 ? 0 : -sign);
  });

  test("orders any versions without contradiction", () => {
    fc.assert(
      fc.property(versionArbitrary, versionArbitrary, versionArbitrary, (a, b, c) => {
        const [low = "", middle = "", high = ""] = [a, b, c].sort(compareVersions);
        expect(compareVersions(low, middle)).toBeLessThanOrEqual(0);
        expect(compareVersions(middle, high)).toBeLessThanOrEqual(0);
        expect(compareVersions(low, high)).toBeLessThanOrEqual(0);
        expect(compareVersions(a, a)).toBe(0);
      }),
    );
  });
});
