// Deleting a snapshot merges disks, which may take hours.
import { describe, expect, onTestFinished, test, vi } from "vitest";
import {
  type Control,
  inaccessible,
  type MachineView,
} from "../../../../src/providers/virtualbox/control.ts";
import { powerOfState, settledState } from "../../../../src/providers/virtualbox/machine/power.ts";
import type { Tools } from "../../../../src/providers/virtualbox/machine/tools.ts";
import type { Client } from "../../../../src/providers/virtualbox/soap/connection.ts";
import { completed } from "../../../../src/providers/virtualbox/soap/progress.ts";
import type { VBoxManage } from "../../../../src/providers/virtualbox/vboxmanage/call.ts";
import { powerCommands } from "../../../../src/providers/virtualbox/vboxmanage/power.ts";
import * as byVBoxManage from "../../../../src/providers/virtualbox/vboxmanage/snapshots.ts";
import { powerCommands as powerByWebService } from "../../../../src/providers/virtualbox/webservice/power.ts";
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

/** The state for that many looks. */
function manyTimes(state: string, looks: number): [string, ...string[]] {
  return [state, ...Array(looks - 1).fill(state)];
}

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

describe("memory on its way to disk or back", () => {
  test.each(["saving", "restoring"])("is waited for as long as it may take: %s", async (state) => {
    const tools = toolsFor(0.0015, ...manyTimes(state, 3), "running");
    expect(await settledState(machine, tools)).toMatchObject({ state: "running" });
    await expect(settledState(machine, toolsFor(0, state))).rejects.toMatchObject({
      code: "TIMEOUT",
    });
  });

  test("leaves the usual time for what comes after it", async () => {
    const tools = toolsFor(0.0015, ...manyTimes("saving", 3), ...manyTimes("stopping", 9));
    await expect(settledState(machine, tools)).rejects.toMatchObject({
      message: expect.stringMatching(/after 180 ms$/),
    });
  });

  test("has half an hour by VBoxManage, to be saved and in snapshots", async () => {
    const limits: number[] = [];
    const call: VBoxManage["call"] = async (_, { timeoutMs = 0 } = {}) => {
      limits.push(timeoutMs);
      return "";
    };
    await byVBoxManage.snapshotCommands({ call }).takeSnapshot(uuid, "one");
    await byVBoxManage.snapshotCommands({ call }).restoreSnapshot(uuid, "one");
    await powerCommands({ call }).saveState(uuid);
    await powerCommands({ call }).powerOff(uuid);
    expect(limits).toEqual([hourMs / 2, hourMs / 2, hourMs / 2, hourMs / 12]);
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

/** Work of VirtualBox's that takes that long by the clock, which goes on while it is waited for. */
function longProgress(durationMs = 3 * hourMs) {
  let now = 0;
  const clock = vi.spyOn(performance, "now").mockImplementation(() => now);
  onTestFinished(() => clock.mockRestore());
  return {
    getCompleted: async () => now >= durationMs,
    async waitForCompletion() {
      now += hourMs / 12;
    },
    getResultCode: async () => 0,
    getErrorInfo: async () => null,
  };
}

/** A web service whose machine is asked to do that. */
function clientOf(work: object): Client {
  const locked = { ...work, lockMachine: async () => {} };
  const session = {
    ...{ getMachine: async () => locked, getState: async () => "Unlocked", __object: "session" },
    getConsole: async () => ({}),
  };
  const client: Client = Object.assign(Object.create(null), {
    ...{ signal: new AbortController().signal, patience: 1, unhurried: () => client },
    ...{ newSession: async () => session, session: () => session },
    virtualBox: { findMachine: async () => locked },
  });
  return client;
}

test("the web service has hours to delete a snapshot, and minutes for what else there is", async () => {
  const client = clientOf({ deleteSnapshot: async () => longProgress() });
  await byWebService.snapshotCommands(client).deleteSnapshot(uuid, "one");
  await expect(completed(longProgress(), "taking a snapshot", client)).rejects.toMatchObject({
    code: "TIMEOUT",
  });
});

test.each([20, 40])(
  "the web service has half an hour for what moves memory: %i minutes",
  async (minutes) => {
    const work = async () => longProgress(minutes * 60_000);
    const client = clientOf({
      ...{ findSnapshot: async () => ({}), restoreSnapshot: work, saveState: work },
      takeSnapshot: async () => ({ returnval: await work() }),
    });
    const snapshots = byWebService.snapshotCommands(client);
    const power = powerByWebService(client);
    const ends = await Promise.allSettled([
      snapshots.takeSnapshot(uuid, "one"),
      snapshots.restoreSnapshot(uuid, "one"),
      power.saveState(uuid),
    ]);
    const isInTime = minutes < 30;
    expect(ends.map(({ status }) => status === "fulfilled")).toEqual([
      isInTime,
      isInTime,
      isInTime,
    ]);
  },
);
