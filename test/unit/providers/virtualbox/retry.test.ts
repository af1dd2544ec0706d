import { expect, test } from "vitest";
import { TsmachineError } from "../../../../src/errors/tsmachine-error.ts";
import { onceReady } from "../../../../src/providers/virtualbox/retry.ts";

const { signal } = new AbortController();
const locked = new TsmachineError(
  "INSTANCE_LOCKED",
  "VirtualBox refuses: The machine 'dev' is already locked for a session (or being unlocked)",
);

test("a machine that the command before still unlocks is asked again", async () => {
  let left = 2;
  const attempt = async () => {
    left -= 1;
    if (left >= 0) throw locked;
    return "done";
  };
  expect(await onceReady(attempt, { patience: 1 }, signal)).toBe("done");
});

test("one that somebody holds is told of in the end", async () => {
  const attempt = async () => {
    throw locked;
  };
  await expect(onceReady(attempt, { patience: 0.05 }, signal)).rejects.toBe(locked);
});

test("other failures are told of at once", async () => {
  let calls = 0;
  const failure = new TsmachineError("VIRTUALBOX_FAILED", "VirtualBox refuses: no");
  const attempt = async () => {
    calls += 1;
    throw failure;
  };
  await expect(onceReady(attempt, { patience: 1 }, signal)).rejects.toBe(failure);
  expect(calls).toBe(1);
});
