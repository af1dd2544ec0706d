import { expect, test } from "vitest";
import { withExpectation } from "../../../../src/matrix/run/with-expectation.ts";

test.each([
  ["pass", "unexpected-pass"],
  ["fail", "expected-fail"],
  ["timeout", "expected-fail"],
  ["kernel-splat", "kernel-splat"],
  ["boot-fail", "boot-fail"],
  ["engine-fail", "engine-fail"],
  ["unsupported", "unsupported"],
  ["infra", "infra"],
  ["not-run", "not-run"],
] as const)("%s of a cell whose workload was expected to fail is %s", (outcome, expected) => {
  const verdict = withExpectation({ outcome, reason: "x" }, { xfail: "issue 12" });
  expect(verdict.outcome).toBe(expected);
  expect(verdict.observed).toBe(outcome === expected ? undefined : outcome);
});

test("what a rule names is expected, and nothing else", () => {
  const rule = { xfail: "issue 12", xfailOutcomes: ["kernel-splat", "unsupported"] } as const;
  const outcomeOf = (outcome: "kernel-splat" | "fail" | "pass") =>
    withExpectation({ outcome, reason: "x" }, rule).outcome;
  expect(outcomeOf("kernel-splat")).toBe("expected-fail");
  expect(outcomeOf("fail")).toBe("fail");
  expect(outcomeOf("pass")).toBe("unexpected-pass");
});

test("what was found out stays the reason", () => {
  const verdict = { outcome: "fail", reason: "status 7", exitStatus: 7 } as const;
  const expected = { ...verdict, outcome: "expected-fail", observed: "fail" };
  expect(withExpectation(verdict, { xfail: "issue 12" })).toEqual(expected);
  expect(withExpectation(verdict, {})).toBe(verdict);
});
