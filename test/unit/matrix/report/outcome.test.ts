import { expect, test } from "vitest";
import { exitStatusOf, outcomeSchema, outcomes } from "../../../../src/matrix/report/outcome.ts";

test("every outcome has a symbol of its own, and every one that matters a status of its own", () => {
  const traits = outcomeSchema.options.map((outcome) => outcomes[outcome]);
  expect(new Set(traits.map(({ symbol }) => symbol)).size).toBe(traits.length);
  const statuses = traits.map(({ exitStatus }) => exitStatus).filter((status) => status !== 0);
  expect(new Set(statuses).size).toBe(statuses.length);
  expect(statuses).toHaveLength(traits.length - 2);
});

test.each([
  ["nothing", [], 0],
  ["what was expected alone", ["pass", "expected-fail"], 0],
  ["one failure", ["pass", "fail", "pass"], 10],
  ["a splat beside failures", ["fail", "kernel-splat", "timeout"], 12],
  ["cells that were not run", ["pass", "not-run"], 18],
] as const)("a run ends with the status of its gravest outcome: %s", (_title, found, expected) => {
  expect(exitStatusOf(found)).toBe(expected);
});
