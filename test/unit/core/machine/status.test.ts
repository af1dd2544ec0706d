import { expect, test } from "vitest";
import { statusOf } from "../../../../src/core/machine/status.ts";

const creating = "its creation has not ended";
const removing = "its removal has not ended";

test.each([
  ["ready", "running", "Running", undefined],
  ["ready", "starting", "Starting", undefined],
  ["ready", "stopped", "Stopped", undefined],
  ["ready", "stopping", "Stopping", undefined],
  ["ready", "paused", "Paused", undefined],
  ["ready", "suspended", "Saved", undefined],
  ["ready", "unknown", "Error", "its hypervisor does not answer"],
  [
    "ready",
    "crashed",
    "Error",
    "its virtual processor has crashed; `start` starts it anew, `kill` powers it off",
  ],
  ["ready", "absent", "Error", "its disk or folder is gone"],
  ["creating", "running", "Starting", creating],
  ["creating", "starting", "Starting", creating],
  ["creating", "stopped", "Error", creating],
  ["creating", "absent", "Error", creating],
  ["removing", "running", "Error", removing],
  ["removing", "absent", "Error", removing],
] as const)("a machine that is %s and %s is shown as %s: %s", (phase, power, status, problem) => {
  expect(statusOf({ phase, power })).toEqual({ status, ...(problem && { problem }) });
});

test.each([
  ["creating", "its creation has not ended (stage: engine)"],
  ["removing", "its removal has not ended (stage: engine)"],
] as const)("a machine whose %s was interrupted is shown with its stage", (phase, problem) => {
  expect(statusOf({ phase, stage: "engine", power: "stopped" })).toEqual({
    status: "Error",
    problem,
  });
});
