import { describe, expect, test } from "vitest";
import { type RunEvidence, verdictOnRun } from "../../../../src/matrix/run/verdict-on-run.ts";

const ranWith = (exitStatus: number | undefined, changes: Partial<RunEvidence> = {}) =>
  verdictOnRun({
    ...{ captured: { exitStatus }, timeoutMs: 5_000, splats: [], fate: "up", isEngineUp: true },
    ...changes,
  });

describe("a workload that ran", () => {
  test.each([
    ["status 0", ranWith(0), { outcome: "pass", exitStatus: 0 }],
    ["another status", ranWith(7), { outcome: "fail", exitStatus: 7 }],
    ["no end in time", ranWith(undefined), { outcome: "timeout" }],
    [
      "a complaint of the kernel, whatever the workload says",
      ranWith(0, { splats: ["BUG: one"] }),
      { outcome: "kernel-splat", reason: "BUG: one", exitStatus: 0 },
    ],
    [
      "a complaint of the kernel that took the machine along",
      ranWith(undefined, { splats: ["Kernel panic"], fate: "gone" }),
      { outcome: "kernel-splat" },
    ],
    [
      "a machine that restarted without a word",
      ranWith(0, { fate: "restarted" }),
      { outcome: "kernel-splat", reason: "the machine restarted while its workload ran" },
    ],
    ["a machine that the workload restarts", ranWith(0, { fate: "rebooted" }), { outcome: "fail" }],
    [
      "a machine that the workload switches off",
      ranWith(undefined, {
        fate: "switched-off",
        captured: { exitStatus: undefined, isLost: true },
      }),
      { outcome: "fail", reason: "the machine was switched off by its workload" },
    ],
    ["a machine that is gone without a word", ranWith(1, { fate: "gone" }), { outcome: "infra" }],
    [
      "a connection that is lost while the machine goes on",
      ranWith(undefined, { captured: { exitStatus: undefined, isLost: true } }),
      { outcome: "infra", reason: "the connection was lost while the workload ran" },
    ],
    [
      "an engine that ended under the workload",
      ranWith(1, { isEngineUp: false }),
      { outcome: "engine-fail", reason: "the engine ended while the workload ran", exitStatus: 1 },
    ],
    [
      "an engine that ended under a workload that made nothing of it",
      ranWith(0, { isEngineUp: false }),
      { outcome: "engine-fail", exitStatus: 0 },
    ],
    [
      "an engine that ended under a workload that did not end",
      ranWith(undefined, { isEngineUp: false }),
      { outcome: "engine-fail" },
    ],
    [
      "status 0, of whose kernel nobody knows what it said",
      ranWith(0, { unheard: "it is silent" }),
      { outcome: "infra", reason: "the kernel's messages cannot be read: it is silent" },
    ],
    [
      "another status, of whose kernel nobody knows what it said",
      ranWith(7, { unheard: "it is silent" }),
      { outcome: "fail", exitStatus: 7 },
    ],
    [
      "an engine that ended with its machine, which the kernel explains",
      ranWith(0, { isEngineUp: false, splats: ["BUG: one"] }),
      { outcome: "kernel-splat" },
    ],
    [
      "an engine that ended with its machine, which the workload restarted",
      ranWith(0, { isEngineUp: false, fate: "rebooted" }),
      { outcome: "fail" },
    ],
  ])("%s", (_title, verdict, expected) => {
    expect(verdict).toMatchObject(expected);
  });

  test("has no exit status that it did not give", () => {
    expect(ranWith(undefined)).not.toHaveProperty("exitStatus");
  });
});
