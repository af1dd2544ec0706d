import { expect, test } from "vitest";
import { type Control, inaccessible } from "../../../../src/providers/virtualbox/control.ts";
import { suspendInstance } from "../../../../src/providers/virtualbox/machine/suspend.ts";
import {
  parseVirtualBoxRecord,
  placeMachine,
} from "../../../../src/providers/virtualbox/record.ts";
import { sampleImages } from "../../../support/providers/fake-provider.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";
import { hostOnlyHost } from "../../../support/virtualbox/host-only-host.ts";
import { sampleRecord } from "../../../support/virtualbox/sample-record.ts";

const uuid = "0f2b1a50-0000-4000-8000-0000000000aa";

/** Suspends a machine that is in each of these states for one look, and in the last for good. */
async function suspendOf(patience: number, ...states: [string, ...string[]]) {
  let state = states[0];
  const calls: string[] = [];
  const asked: Partial<Control> = {
    async readMachine() {
      state = states.shift() ?? state;
      return { ...inaccessible(uuid), name: "dev", state };
    },
    saveState: async () => void calls.push(`saveState ${state}`),
  };
  const { tools } = hostOnlyHost();
  Object.assign(tools.control, asked);
  const record = parseVirtualBoxRecord(sampleRecord({ uuid }));
  const directory = await temporaryDirectory();
  const machine = placeMachine(record, { directory, images: sampleImages });
  const world = { ...tools.world, patience };
  return { calls, suspended: suspendInstance(machine, { ...tools, world }) };
}

test("a machine is saved once VirtualBox's work on a snapshot of it is done", async () => {
  const { calls, suspended } = await suspendOf(1, "running", "deletingsnapshotlive", "running");
  await suspended;
  expect(calls).toEqual(["saveState running"]);
});

test("what VirtualBox is still doing after the wait is said, and nothing is saved", async () => {
  const { calls, suspended } = await suspendOf(0, "deletingsnapshotlive");
  await expect(suspended).rejects.toMatchObject({
    code: "INSTANCE_LOCKED",
    message: 'VirtualBox is deleting a snapshot of machine "dev"',
  });
  expect(calls).toEqual([]);
});

test("a machine that was just being saved is not saved again", async () => {
  const { calls, suspended } = await suspendOf(1, "saving", "saving", "saved");
  await suspended;
  expect(calls).toEqual([]);
});
