// Deleting a snapshot merges disks, which may take hours.
import { expect, onTestFinished, test, vi } from "vitest";
import {
  type Control,
  inaccessible,
  type MachineView,
} from "../../../../src/providers/virtualbox/control.ts";
import { powerOfState, settledState } from "../../../../src/providers/virtualbox/machine/power.ts";
import type { Tools } from "../../../../src/providers/virtualbox/machine/tools.ts";
import type { Client } from "../../../../src/providers/virtualbox/soap/connection.ts";
import { completed } from "../../../../src/providers/virtualbox/soap/progress.ts";
import * as byVBoxManage from "../../../../src/providers/virtualbox/vboxmanage/snapshots.ts";
import * as byWebService from "../../../../src/providers/virtualbox/webservice/snapshots.ts";

const uuid = "0f2b1a50-0000-4000-8000-0000000000aa";
const hourMs = 60 * 60_000;

/** A machine that is in each of these states for one look, and in the last for good. */
function toolsFor(patience: number, ...states: [string, ...string[]]) {
  let state = states[0];
  const control: Control = Object.assign(Object.create(null), {
    async readMachine(): Promise<MachineView> {
      state = states.shift() ?? state;
      return { ...inaccessible(uuid), name: "dev", state };
    },
  });
  const world: Tools["world"] = Object.assign(Object.create(null), { patience });
  const tools: Tools = {
    ...{ control, world, signal: new AbortController().signal },
    unhurried: () => tools,
  };
  return tools;
}

const machine = { uuid, name: "dev" };

test.each([
  ["snapshotting", "stopped", "is taking a snapshot of"],
  ["onlinesnapshotting", "running", "is taking a snapshot of"],
  ["livesnapshotting", "running", "is taking a snapshot of"],
  ["restoringsnapshot", "stopped", "is restoring a snapshot of"],
  ["deletingsnapshot", "stopped", "is deleting a snapshot of"],
  ["deletingsnapshotlive", "running", "is deleting a snapshot of"],
  ["deletingsnapshotlivepaused", "paused", "is deleting a snapshot of"],
  ["settingup", "stopped", "is setting up"],
])(
  "%s: the machine is %s, nothing else is done to it, and VirtualBox %s it",
  async (state, power, task) => {
    expect(powerOfState(state)).toBe(power);
    await expect(settledState(machine, toolsFor(0, state))).rejects.toMatchObject({
      ...{ code: "INSTANCE_LOCKED", message: `VirtualBox ${task} machine "dev"` },
      hints: [expect.stringMatching(/^wait until it is done, /)],
    });
  },
);

test("what passes in time is waited for", async () => {
  const tools = toolsFor(1, "deletingsnapshot", "poweroff");
  expect(await settledState(machine, tools)).toMatchObject({ state: "poweroff" });
});

test("what is no work of VirtualBox's is late as before", async () => {
  await expect(settledState(machine, toolsFor(0, "stopping"))).rejects.toMatchObject({
    code: "TIMEOUT",
  });
});

test("VBoxManage has hours to delete a snapshot, and minutes to take one", async () => {
  const limits = new Map<string, number>();
  const commands = byVBoxManage.snapshotCommands({
    async call([, , word = ""], { timeoutMs = 0 } = {}) {
      limits.set(word, timeoutMs);
      return "";
    },
  });
  await commands.takeSnapshot(uuid, "one");
  await commands.deleteSnapshot(uuid, "one");
  expect(limits.get("take")).toBeLessThan(hourMs);
  expect(limits.get("delete")).toBeGreaterThan(6 * hourMs);
});

/** Work of VirtualBox's that takes three hours of the clock, which goes on while it is waited for. */
function longProgress() {
  let now = 0;
  const clock = vi.spyOn(performance, "now").mockImplementation(() => now);
  onTestFinished(() => clock.mockRestore());
  return {
    getCompleted: async () => now >= 3 * hourMs,
    async waitForCompletion() {
      now += hourMs / 4;
    },
    getResultCode: async () => 0,
    getErrorInfo: async () => null,
  };
}

test("the web service has hours to delete a snapshot, and minutes for what else there is", async () => {
  const locked = { deleteSnapshot: async () => longProgress(), lockMachine: async () => {} };
  const session = {
    ...{ getMachine: async () => locked, getState: async () => "Unlocked", __object: "session" },
  };
  const client: Client = Object.assign(Object.create(null), {
    ...{ signal: new AbortController().signal, patience: 1, unhurried: () => client },
    ...{ newSession: async () => session, session: () => session },
    virtualBox: { findMachine: async () => locked },
  });
  await byWebService.snapshotCommands(client).deleteSnapshot(uuid, "one");
  await expect(completed(longProgress(), "taking a snapshot", client)).rejects.toMatchObject({
    code: "TIMEOUT",
  });
});
