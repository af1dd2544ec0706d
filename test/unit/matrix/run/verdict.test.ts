import { describe, expect, test } from "vitest";
import type { ErrorCode } from "../../../../src/errors/codes.ts";
import { TsmachineError } from "../../../../src/errors/tsmachine-error.ts";
import { type Mishap, verdictOnError } from "../../../../src/matrix/run/verdict.ts";

const error = (code: ErrorCode, context: Readonly<Record<string, unknown>> = {}) =>
  new TsmachineError(code, "it is so\nand more", { context });
const ended = (console: readonly string[], power = "stopped") =>
  error("MACHINE_FAILED", { console, power });
const panic = "[    9.1] Kernel panic - not syncing: sysrq triggered crash";
const off = "[   12.3] reboot: Power down";
const noise = Array.from({ length: 100 }, (_, index) => `line ${index}`);

describe("while images are made", () => {
  test.each<[string, Error, string]>([
    ["a kernel that lacks an option is unsupported", error("KERNEL_UNSUITABLE"), "unsupported"],
    ["a broken archive of an engine is its failure", error("ENGINE_UNSUITABLE"), "engine-fail"],
    ["a stalled download is infra", error("TIMEOUT"), "infra"],
    ["a download that failed is infra", error("DOWNLOAD_FAILED"), "infra"],
    ["a full disk is infra", error("DISK_FULL"), "infra"],
    ["a bug is infra", new Error("x is not a function"), "infra"],
  ])("%s", (_title, cause, outcome) => {
    expect(verdictOnError(cause, { stage: "images" }).outcome).toBe(outcome);
  });

  test("the reason is one line, with its code where nothing is known of the cell", () => {
    const reasonOf = (code: ErrorCode) => verdictOnError(error(code), { stage: "images" }).reason;
    expect(reasonOf("KERNEL_UNSUITABLE")).toBe("it is so");
    expect(reasonOf("DISK_FULL")).toBe("it is so [DISK_FULL]");
  });
});

describe("while a machine boots", () => {
  test.each<[string, Error, string]>([
    ["a kernel that lacks an option is unsupported", error("KERNEL_UNSUITABLE"), "unsupported"],
    ["an engine that ends again and again is its failure", error("ENGINE_FAILED"), "engine-fail"],
    [
      "a file that QEMU takes for no kernel is the kernel's failure",
      error("MACHINE_FAILED", { console: [], isKernelRefused: true }),
      "boot-fail",
    ],
    ["a panic before the guest's first word is the kernel's failure", ended([panic]), "boot-fail"],
    [
      "a machine that the hypervisor calls crashed is the kernel's failure",
      ended([], "crashed"),
      "boot-fail",
    ],
    ["a kernel that switches itself off has not come up", ended(["x", off]), "boot-fail"],
    [
      "a guest that gives up has a kernel that came up",
      ended(["tsmachine: FAILED boot: x", off]),
      "engine-fail",
    ],
    ["QEMU that was killed is infra", ended(["[    0.1] ACPI: x"]), "infra"],
    ["QEMU that was killed after the kernel came up is infra", ended(["tsmachine: x"]), "infra"],
    ["a machine that was removed is infra", ended([], "absent"), "infra"],
    ["a kernel that hangs is its failure", error("TIMEOUT", { console: [] }), "boot-fail"],
    [
      "an engine that hangs is its failure, however much is said after the guest's first word",
      error("TIMEOUT", { console: ["tsmachine: booted in 3 s", ...noise] }),
      "engine-fail",
    ],
    ["a time limit of something else is infra", error("TIMEOUT", { machine: "dev" }), "infra"],
    ["QEMU that does not start is infra", error("QEMU_FAILED"), "infra"],
  ])("%s", (_title, cause, outcome) => {
    expect(verdictOnError(cause, { stage: "boot", splats: [] }).outcome).toBe(outcome);
  });

  test("a complaint of a kernel that came up explains why the machine did not", () => {
    const mishap: Mishap = { stage: "boot", splats: ["BUG: one"] };
    const late = error("TIMEOUT", { console: ["tsmachine: booted in 3 s", "BUG: one", ...noise] });
    expect(verdictOnError(late, mishap)).toEqual({ outcome: "kernel-splat", reason: "BUG: one" });
    expect(verdictOnError(ended(["BUG: one", panic]), mishap).outcome).toBe("boot-fail");
  });
});

describe("on a machine that is up", () => {
  test.each<[string, Error, { readonly isUp?: boolean; readonly isEngineUp?: boolean }, string]>([
    ["an image that the engine refuses is a failure", error("IMAGE_REFUSED"), {}, "fail"],
    ["files that cannot be copied are a failure", error("COPY_FAILED"), {}, "fail"],
    [
      "an engine that does not answer has failed",
      error("ENGINE_UNREACHABLE", { isLate: true }),
      { isEngineUp: false },
      "engine-fail",
    ],
    [
      "an engine whose machine is gone has not",
      error("ENGINE_UNREACHABLE"),
      { isUp: false, isEngineUp: false },
      "infra",
    ],
    [
      "an image that an engine does not load in time is late",
      error("ENGINE_UNREACHABLE", { isLate: true }),
      {},
      "timeout",
    ],
    [
      "an engine that hung up and is well is infra",
      error("ENGINE_UNREACHABLE", { isLate: false }),
      {},
      "infra",
    ],
    ["a time limit is infra", error("TIMEOUT", { console: [] }), {}, "infra"],
    ["a machine that ended is infra", ended([panic]), { isUp: false }, "infra"],
    ["a lost connection is infra", error("SSH_CONNECTION_LOST"), {}, "infra"],
  ])("%s", (_title, cause, changes, outcome) => {
    const mishap = { stage: "up", splats: [], isUp: true, isEngineUp: true, ...changes } as const;
    expect(verdictOnError(cause, mishap).outcome).toBe(outcome);
  });

  test("a complaint of the kernel explains whatever else went wrong", () => {
    const mishap: Mishap = {
      ...{ stage: "up", splats: ["BUG: one"], isUp: false, isEngineUp: false },
    };
    for (const cause of [error("SSH_CONNECTION_LOST"), new Error("x")]) {
      expect(verdictOnError(cause, mishap)).toEqual({
        outcome: "kernel-splat",
        reason: "BUG: one",
      });
    }
  });
});
