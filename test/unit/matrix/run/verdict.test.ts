import { describe, expect, test } from "vitest";
import type { ErrorCode } from "../../../../src/errors/codes.ts";
import { TsmachineError } from "../../../../src/errors/tsmachine-error.ts";
import {
  verdictOnError,
  verdictOnLoss,
  verdictOnRun,
  withExpectation,
} from "../../../../src/matrix/run/verdict.ts";

describe("verdictOnError", () => {
  const error = (code: ErrorCode, console: readonly string[] = []) =>
    new TsmachineError(code, "it is so\nand more", { context: { console } });

  test.each<[string, Error, string]>([
    ["a kernel that lacks an option", error("KERNEL_UNSUITABLE"), "unsupported"],
    ["an engine that ends again and again", error("ENGINE_FAILED"), "engine-fail"],
    [
      "a machine that ended before its guest said a word",
      error("MACHINE_FAILED", ["grub>"]),
      "boot-fail",
    ],
    [
      "a machine that ended in its guest's hands",
      error("MACHINE_FAILED", ["tsmachine: FAILED boot: x"]),
      "engine-fail",
    ],
    ["a machine that hangs in its kernel", error("TIMEOUT", []), "boot-fail"],
    [
      "a machine whose engine hangs",
      error("TIMEOUT", ["x", "tsmachine: booted in 3 s"]),
      "engine-fail",
    ],
    ["an engine that refuses the workload's image", error("IMAGE_REFUSED"), "fail"],
    ["a download that failed", error("DOWNLOAD_FAILED"), "infra"],
    ["a full disk", error("DISK_FULL"), "infra"],
    ["a bug", new Error("x is not a function"), "infra"],
  ])("%s", (_title, cause, outcome) => {
    expect(verdictOnError(cause).outcome).toBe(outcome);
  });

  test("gives the reason in one line, with its code where nothing is known of the cell", () => {
    expect(verdictOnError(error("ENGINE_FAILED")).reason).toBe("it is so");
    expect(verdictOnError(error("DISK_FULL")).reason).toBe("it is so [DISK_FULL]");
  });
});

describe("verdictOnRun", () => {
  const run = { timeoutMs: 5_000, splats: [], isUp: true };
  const captured = (exitStatus: number | undefined) => ({ output: "", exitStatus });

  test.each([
    ["status 0", { ...run, captured: captured(0) }, { outcome: "pass", exitStatus: 0 }],
    ["another status", { ...run, captured: captured(7) }, { outcome: "fail", exitStatus: 7 }],
    ["no end in time", { ...run, captured: captured(undefined) }, { outcome: "timeout" }],
    [
      "a complaint of the kernel, whatever the workload says",
      { ...run, captured: captured(0), splats: ["BUG: one"] },
      { outcome: "kernel-splat", reason: "BUG: one" },
    ],
    [
      "a complaint of the kernel that took the machine along",
      { ...run, captured: captured(255), splats: ["Kernel panic"], isUp: false },
      { outcome: "kernel-splat" },
    ],
    [
      "a machine that is gone without a word",
      { ...run, captured: captured(1), isUp: false },
      { outcome: "infra" },
    ],
  ])("%s", (_title, evidence, expected) => {
    expect(verdictOnRun(evidence)).toMatchObject(expected);
  });
});

describe("withExpectation", () => {
  test.each([
    ["pass", "unexpected-pass"],
    ["fail", "expected-fail"],
    ["timeout", "expected-fail"],
    ["kernel-splat", "expected-fail"],
    ["boot-fail", "expected-fail"],
    ["engine-fail", "expected-fail"],
    ["unsupported", "expected-fail"],
    ["infra", "infra"],
    ["not-run", "not-run"],
  ] as const)("%s that was expected to fail is %s", (outcome, expected) => {
    const verdict = withExpectation({ outcome, reason: "" }, "issue 12");
    expect(verdict.outcome).toBe(expected);
  });

  test("changes nothing where nothing is expected", () => {
    const verdict = { outcome: "fail", reason: "x" } as const;
    expect(withExpectation(verdict, undefined)).toBe(verdict);
  });
});

test("files that cannot be copied are the workload's matter, a machine that takes none in time is not", () => {
  const failed = new TsmachineError("COPY_FAILED", "no room");
  expect(verdictOnLoss(failed, [])).toEqual({ outcome: "fail", reason: "no room" });
  const late = new TsmachineError("TIMEOUT", "copying took longer");
  expect(verdictOnLoss(late, [])).toEqual({ outcome: "infra", reason: "copying took longer" });
});
