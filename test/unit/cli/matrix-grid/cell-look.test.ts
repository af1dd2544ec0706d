import stringWidth from "string-width";
import { expect, it } from "vitest";
import { clock, lookOf, signs } from "../../../../src/cli/matrix-grid/cell-look.ts";
import { outcomes, outcomesByGravity } from "../../../../src/matrix/report/outcome.ts";

it.each([
  [0, "0 s"],
  [59_999, "59 s"],
  [60_000, "1:00"],
  [3_599_999, "59:59"],
  [3_725_000, "1:02:05"],
])("%i ms are %s", (milliseconds, text) => {
  expect(clock(milliseconds)).toBe(text);
});

it("shows outcomes by the signs of reports, which no other state has", () => {
  for (const outcome of outcomesByGravity) {
    const { sign, words } = lookOf({ state: { kind: "ended", outcome }, forMs: 1 });
    expect([sign, words]).toEqual([outcomes[outcome].symbol, outcome]);
    expect(Object.values(signs)).not.toContain(sign);
    expect([stringWidth(sign), sign.length]).toEqual([1, 1]);
  }
});
