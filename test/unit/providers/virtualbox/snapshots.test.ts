import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  type Control,
  inaccessible,
  type MachineView,
  type Snapshot,
} from "../../../../src/providers/virtualbox/control.ts";
import {
  parseVirtualBoxRecord,
  placeMachine,
} from "../../../../src/providers/virtualbox/record.ts";
import { snapshotsOf } from "../../../../src/providers/virtualbox/snapshots.ts";
import { sampleImages } from "../../../support/providers/fake-provider.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";
import { hostOnlyHost } from "../../../support/virtualbox/host-only-host.ts";
import { sampleRecord } from "../../../support/virtualbox/sample-record.ts";
import { recordedOperation } from "../../../support/worlds/operations.ts";

const uuid = "0f2b1a50-0000-4000-8000-0000000000aa";

/** One of this label, which its UUID is made of; "a > b" goes on from "a", and the machine from "b *". */
function snapshot(text: string): Snapshot {
  const [label = "", parent] = text.replace(" *", "").split(" > ").reverse();
  const isCurrent = text.endsWith("*");
  return { uuid: `of-${label}`, label, parent: parent && `of-${parent}`, isCurrent };
}

interface Given {
  readonly patience?: number;
  readonly tree?: readonly string[];
}

/** A machine that has a snapshot "one" unless others are given; what is done to it, in order. */
async function machineThat(state: string, { patience = 1, tree = ["one *"] }: Given = {}) {
  const directory = await temporaryDirectory();
  const settingsFile = join(directory, "dev", "dev.vbox");
  await mkdir(join(directory, "dev"));
  await writeFile(settingsFile, `<Machine uuid="{${uuid}}"/>`);
  const calls: string[] = [];
  let view: MachineView = { ...inaccessible(uuid), name: "dev", state, settingsFile };
  const asked: Partial<Control> = {
    readMachine: async () => view,
    listSnapshots: async () => tree.map(snapshot),
    deleteSnapshot: async (_, which) => void calls.push(`deleteSnapshot ${which}`),
    async powerOff() {
      calls.push("powerOff");
      view = { ...view, state: "poweroff" };
    },
    async discardState() {
      calls.push("discardState");
      view = { ...view, state: "poweroff" };
    },
    async restoreSnapshot(_, snapshot) {
      calls.push(`restoreSnapshot ${snapshot}`);
    },
  };
  const host = hostOnlyHost();
  const tools = { ...host.tools, world: { ...host.tools.world, patience } };
  Object.assign(tools.control, asked);
  const record = parseVirtualBoxRecord(sampleRecord({ uuid }));
  const machine = placeMachine(record, { directory, images: sampleImages });
  return { calls, snapshots: snapshotsOf(machine, (action) => () => action(tools)) };
}

describe("what is to be done before a snapshot is restored", () => {
  test("is done while the machine still runs", async () => {
    const { calls, snapshots } = await machineThat("running");
    await snapshots.restore("one", recordedOperation(), async () => void calls.push("before"));
    expect(calls).toEqual(["before", "powerOff", "restoreSnapshot of-one"]);
  });

  test.each(["saved", "aborted-saved", "poweroff"])(
    "is all that is done where the machine is %s",
    async (state) => {
      const { calls, snapshots } = await machineThat(state);
      await snapshots.restore("one", recordedOperation(), async () => void calls.push("before"));
      expect(calls).toEqual(["before", "restoreSnapshot of-one"]);
    },
  );

  test("is not begun while VirtualBox is at work on another snapshot", async () => {
    const { calls, snapshots } = await machineThat("deletingsnapshot", { patience: 0 });
    const before = async () => void calls.push("before");
    await expect(snapshots.restore("one", recordedOperation(), before)).rejects.toMatchObject({
      code: "INSTANCE_LOCKED",
    });
    expect(calls).toEqual([]);
  });

  test("leaves the machine as it is where it fails", async () => {
    const { calls, snapshots } = await machineThat("running");
    const refused = new Error("images are missing");
    const restoring = snapshots.restore("one", recordedOperation(), () => Promise.reject(refused));
    await expect(restoring).rejects.toBe(refused);
    expect(calls).toEqual([]);
  });

  test("is not begun where there is no such snapshot", async () => {
    const { calls, snapshots } = await machineThat("running");
    const before = async () => void calls.push("before");
    await expect(snapshots.restore("two", recordedOperation(), before)).rejects.toMatchObject({
      code: "INVALID_INPUT",
    });
    expect(calls).toEqual([]);
  });
});

describe("a snapshot is removed", () => {
  test.each([
    ["the only one", "a", ["a *"]],
    ["one before the current one", "a", ["a", "a > b *"]],
    ["one beside the current one", "b", ["a *", "a > b"]],
    ["the current one beside another", "c", ["a", "a > b", "a > c *"]],
  ])("%s", async (_, label, tree) => {
    const { calls, snapshots } = await machineThat("poweroff", { tree });
    await snapshots.remove(label, recordedOperation());
    expect(calls).toEqual([`deleteSnapshot of-${label}`]);
  });

  const many = "more than one other snapshot goes on from it";
  const current = "the machine goes on from it, and so does another snapshot";
  test.each([
    ["after `restore a`", ["a *", "a > b"], current, '"b"'],
    ["after `restore a`, with all that were taken", ["a *", "a > b", "b > c"], current, '"c", "b"'],
    ["after `restore a; create c`", ["a", "a > b", "a > c *"], many, '"b"'],
    ["with the current one in another place", ["a", "a > b *", "a > c", "c > d"], many, '"d", "c"'],
    ["with none of them current", ["z *", "z > a", "a > b", "a > c"], many, '"b"'],
  ])("after the others that VirtualBox wants removed first: %s", async (_, tree, reason, first) => {
    const { calls, snapshots } = await machineThat("poweroff", { tree });
    await expect(snapshots.remove("a", recordedOperation())).rejects.toMatchObject({
      ...{ code: "INVALID_INPUT", hints: [`remove these first, in this order: ${first}`] },
      message: `snapshot "a" of machine "dev" cannot be removed: ${reason}`,
    });
    expect(calls).toEqual([]);
  });
});
