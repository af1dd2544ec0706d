import { expect, test } from "vitest";
import {
  type Control,
  inaccessible,
  type MachineView,
} from "../../../../src/providers/virtualbox/control.ts";
import { startInstance } from "../../../../src/providers/virtualbox/machine/start.ts";
import { powerOffInstance } from "../../../../src/providers/virtualbox/machine/stop.ts";
import type { Tools } from "../../../../src/providers/virtualbox/machine/tools.ts";
import {
  parseVirtualBoxRecord,
  placeMachine,
} from "../../../../src/providers/virtualbox/record.ts";
import { sampleImages } from "../../../support/providers/fake-provider.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";
import { sampleRecord } from "../../../support/virtualbox/sample-record.ts";
import { recordedOperation } from "../../../support/worlds/operations.ts";

const uuid = "0f2b1a50-0000-4000-8000-0000000000aa";

/** A VirtualBox with one machine in this state, which can be looked at and powered off. */
function toolsFor(state: string) {
  const calls: string[] = [];
  let view: MachineView = { ...inaccessible(uuid), name: "dev", state };
  const asked: Pick<Control, "readMachine" | "powerOff"> = {
    readMachine: async () => view,
    async powerOff() {
      calls.push("powerOff");
      view = { ...view, state: "poweroff" };
    },
  };
  const control: Control = Object.assign(Object.create(null), asked);
  const world: Tools["world"] = Object.assign(Object.create(null), { patience: 1 });
  const { signal } = new AbortController();
  const tools: Tools = { control, world, signal, unhurried: () => tools };
  return { tools, calls };
}

test("a machine whose processor cannot go on is powered off, though nothing of it runs", async () => {
  const { tools, calls } = toolsFor("gurumeditation");
  await powerOffInstance({ uuid, name: "dev" }, tools);
  expect(calls).toEqual(["powerOff"]);
});

test("a start ends it before it looks for the machine where its folder is now", async () => {
  const { tools, calls } = toolsFor("gurumeditation");
  const record = parseVirtualBoxRecord(sampleRecord({ uuid }));
  const places = { directory: await temporaryDirectory(), images: sampleImages };
  const starting = startInstance(placeMachine(record, places), record, {
    ...{ tools, operation: recordedOperation() },
  });
  await expect(starting).rejects.toMatchObject({ code: "INSTANCE_MISSING" });
  expect(calls).toEqual(["powerOff"]);
});

test("a machine that is off is left alone", async () => {
  const { tools, calls } = toolsFor("aborted");
  await powerOffInstance({ uuid, name: "dev" }, tools);
  expect(calls).toEqual([]);
});
