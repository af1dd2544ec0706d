import { describe, expect, test } from "vitest";
import { hasEnded, parseTaskStates, stateOf } from "../../../../src/matrix/slurm/task-state.ts";

describe("what squeue prints of tasks", () => {
  // As Slurm 22.05 has printed it.
  test("is read, with exit codes as wait(2) gives them", () => {
    const printed = "2|CANCELLED|None|33280|\n3|FAILED|NonZeroExitCode|4352|\n1|RUNNING|None|0|\n";
    expect(parseTaskStates(printed)).toEqual([
      { task: 2, state: "CANCELLED", reason: "None", exitStatus: 130 },
      { task: 3, state: "FAILED", reason: "NonZeroExitCode", exitStatus: 17 },
      { task: 1, state: "RUNNING", reason: "None", exitStatus: 0 },
    ]);
    expect(parseTaskStates("4|OUT_OF_MEMORY|OutOfMemory|9|\n")).toMatchObject([
      { exitStatus: 137 },
    ]);
    expect(parseTaskStates("")).toEqual([]);
  });

  test("is refused where it is something else", () => {
    expect(parseTaskStates("CLUSTER: a\n1|RUNNING|None|0|\n")).toBeUndefined();
  });

  test("names no tasks that were cancelled before they began", () => {
    const states = parseTaskStates("N/A|CANCELLED|Resources|0|\n1|FAILED|None|256|\n") ?? [];
    const pending = { task: 2, state: "PENDING", reason: "Resources", exitStatus: 0 };
    expect(stateOf(1, states, undefined)).toMatchObject({ state: "FAILED" });
    expect(stateOf(2, states, pending)).toMatchObject({ state: "CANCELLED" });
    expect(stateOf(2, states, { ...pending, state: "RUNNING" })).toBeUndefined();
  });

  test.each([
    ["PENDING", false],
    ["COMPLETING", false],
    ["SUSPENDED", false],
    ["COMPLETED", true],
    ["NODE_FAIL", true],
    ["TIMEOUT", true],
  ])("%s is the end of a task: %s", (state, isEnd) => {
    expect(hasEnded({ task: 1, state, reason: "None", exitStatus: 0 })).toBe(isEnd);
  });
});
