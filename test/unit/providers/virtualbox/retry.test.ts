import { describe, expect, test } from "vitest";
import { TsmachineError } from "../../../../src/errors/tsmachine-error.ts";
import { codes, virtualBoxFailed } from "../../../../src/providers/virtualbox/failure.ts";
import { madeOnce } from "../../../../src/providers/virtualbox/made-once.ts";
import { onceReady } from "../../../../src/providers/virtualbox/retry.ts";
import { isRepeatable } from "../../../../src/providers/virtualbox/vboxmanage/call.ts";
import { parseFailure } from "../../../../src/providers/virtualbox/vboxmanage/failure.ts";
import { recordedOutput } from "../../../support/providers/virtualbox-output.ts";

const { signal } = new AbortController();
const trial = { patience: 1, signal, isRepeatable: false };
const locked = virtualBoxFailed(
  { message: "Die Maschine ist bereits gesperrt", code: codes.invalidState },
  [],
);

/** What VBoxManage said when VBoxSVC was killed while it answered. */
function lost(name: string) {
  const failure = parseFailure(recordedOutput(`${name}.stderr.txt`));
  if (failure === undefined) throw new Error(`${name} tells of no failure`);
  return virtualBoxFailed(failure, []);
}

/** Fails so at first, and then does not. */
function failingOnce(error: TsmachineError) {
  let calls = 0;
  const attempt = async () => {
    calls += 1;
    if (calls === 1) throw error;
    return calls;
  };
  return attempt;
}

test("a machine that the command before still unlocks is asked again", async () => {
  let left = 2;
  const attempt = async () => {
    left -= 1;
    if (left >= 0) throw locked;
    return "done";
  };
  expect(await onceReady(attempt, trial)).toBe("done");
});

test("one that somebody holds is told of in the end", async () => {
  const attempt = async () => {
    throw locked;
  };
  await expect(onceReady(attempt, { ...trial, patience: 0.05 })).rejects.toBe(locked);
});

test("other failures are told of at once", async () => {
  let calls = 0;
  const failure = new TsmachineError("VIRTUALBOX_FAILED", "VirtualBox refuses: no");
  const attempt = async () => {
    calls += 1;
    throw failure;
  };
  await expect(onceReady(attempt, trial)).rejects.toBe(failure);
  expect(calls).toBe(1);
});

describe("when VBoxSVC ends", () => {
  const unreached = lost("killed-server-list");
  const unanswered = lost("killed-server-snapshot-take");

  test("whatever has not reached it is asked again", async () => {
    expect(await onceReady(failingOnce(unreached), trial)).toBe(2);
  });

  test("what it has not answered is asked again if that comes to the same", async () => {
    expect(await onceReady(failingOnce(unanswered), { ...trial, isRepeatable: true })).toBe(2);
    await expect(onceReady(failingOnce(unanswered), trial)).rejects.toMatchObject({
      code: "VIRTUALBOX_FAILED",
      message: "VirtualBox ended before it answered: Peer process crashed",
      hints: [expect.stringMatching(/^run the command again/)],
    });
  });

  test.each([
    ["list vms", true],
    ["showvminfo X --machinereadable", true],
    ["modifyvm X --memory 512", true],
    ["modifyvm X --natpf1 delete ssh", false],
    ["snapshot X list --machinereadable", true],
    ["snapshot X take list", false],
    ["hostonlyif create", false],
    ["hostonlyif ipconfig vboxnet0", true],
    ["startvm X --type headless", false],
    ["createvm --uuid X", false],
  ])("%s comes to the same: %s", (words, isSame) => {
    expect(isRepeatable(words.split(" "))).toBe(isSame);
  });

  test.each([
    { isMade: true, calls: 1 },
    { isMade: false, calls: 2 },
  ])("a change is made once: made already: $isMade", async ({ isMade, calls }) => {
    let made = 0;
    const attempt = failingOnce(unanswered);
    await madeOnce(
      async () => {
        made += 1;
        await attempt();
      },
      async () => isMade,
    );
    expect(made).toBe(calls);
  });

  test("a change that was refused is not made again", async () => {
    const refuse = async () => {
      throw locked;
    };
    await expect(madeOnce(refuse, async () => false)).rejects.toBe(locked);
  });
});
