import { expect, test } from "vitest";
import { TsmachineError } from "../../../../src/errors/tsmachine-error.ts";
import { patiently } from "../../../../src/matrix/slurm/patiently.ts";

const signal = new AbortController().signal;

/** Fails with these errors in turn, then succeeds. */
function failing(...errors: Error[]) {
  return async () => {
    const error = errors.shift();
    if (error !== undefined) throw error;
    return "answer";
  };
}

const systemError = (code: string) => Object.assign(new Error(code), { code, syscall: "stat" });

test.each([
  ["failures of Slurm", new TsmachineError("SLURM_FAILED", "no controller")],
  ["failures of a file server", systemError("ESTALE")],
])("%s pass", async (_, error) => {
  expect(await patiently(failing(error), { signal, maxSilenceMs: 1 })).toBe("answer");
});

test.each([
  ["another failure", new TsmachineError("REPORT_INVALID", "no report")],
  ["a bug", new Error("bug")],
])("%s does not pass", async (_, error) => {
  await expect(patiently(failing(error), { signal, maxSilenceMs: 1 })).rejects.toBe(error);
});

test("an interrupt is heard at once", async () => {
  const controller = new AbortController();
  const reason = new Error("interrupted");
  const action = async () => {
    controller.abort(reason);
    throw systemError("EIO");
  };
  await expect(patiently(action, { signal: controller.signal, maxSilenceMs: 60_000 })).rejects.toBe(
    reason,
  );
});
