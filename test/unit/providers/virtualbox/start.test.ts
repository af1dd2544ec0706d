import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  type Control,
  inaccessible,
  type MachineView,
} from "../../../../src/providers/virtualbox/control.ts";
import { codes, virtualBoxFailed } from "../../../../src/providers/virtualbox/failure.ts";
import { startInstance } from "../../../../src/providers/virtualbox/machine/start.ts";
import {
  parseVirtualBoxRecord,
  placeMachine,
} from "../../../../src/providers/virtualbox/record.ts";
import { sampleImages } from "../../../support/providers/fake-provider.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";
import { hostOnlyHost } from "../../../support/virtualbox/host-only-host.ts";
import { sampleRecord } from "../../../support/virtualbox/sample-record.ts";
import { recordedOperation } from "../../../support/worlds/operations.ts";

const uuid = "0f2b1a50-0000-4000-8000-0000000000aa";
const locked = virtualBoxFailed(
  { message: "The machine is already locked by a session", code: codes.invalidState },
  ["startvm"],
);

const hostOnly = {
  ...{ network: "192.168.56.1/24", type: "virtio", mac: "08:00:27:00:00:02", hasDhcp: true },
  ...{ promiscuous: "deny", adapter: "vboxnet0", address: "192.168.56.2" },
};

/** A machine in this state on adapter vboxnet0; `launch` puts it into another one, or fails. */
async function machineThat(state: string, launch: (now: (state: string) => void) => void) {
  const { tools, adapters, state: host } = hostOnlyHost({ other: "192.168.99.1" });
  const directory = await temporaryDirectory();
  host.settingsFolder = directory;
  const folder = join(directory, "dev");
  await mkdir(folder);
  await writeFile(join(folder, "data.vdi"), "");
  const calls: string[] = [];
  let view: MachineView = {
    ...{ ...inaccessible(uuid), name: "dev", state, settingsFile: join(folder, "dev.vbox") },
    ...{ media: new Map([[3, join(folder, "data.vdi")]]), adapters: ["vboxnet0"] },
  };
  const asked: Partial<Control> = {
    readMachine: async () => view,
    async moveToAdapter(_, adapter) {
      calls.push(`moveToAdapter ${adapter}`);
      view = { ...view, adapters: [adapter] };
    },
    configureMachine: async () => {},
    setForwards: async () => {},
    attach: async () => {},
    async launch() {
      calls.push("launch");
      launch((now) => {
        view = { ...view, state: now };
      });
    },
    async powerOff() {
      calls.push("powerOff");
      view = { ...view, state: "poweroff" };
    },
    async saveState() {
      calls.push("saveState");
      view = { ...view, state: "saved" };
    },
  };
  Object.assign(tools.control, asked);
  const start = (changes: object) => {
    const record = parseVirtualBoxRecord(sampleRecord({ uuid, ...changes }));
    const machine = placeMachine(record, { directory, images: sampleImages });
    return startInstance(machine, record, { tools, operation: recordedOperation() });
  };
  return { calls, adapters, start };
}

describe("a saved machine that goes on", () => {
  test("is put on the adapter that its network has by now, and so is its record", async () => {
    const { calls, start } = await machineThat("saved", (now) => now("running"));
    expect(await start({ hostOnly })).toMatchObject({
      hostOnly: { adapter: "vboxnet1", address: "192.168.56.2" },
    });
    expect(calls).toEqual(["moveToAdapter vboxnet1", "launch"]);
  });

  test("stays on its adapter where that is the network's", async () => {
    const { calls, adapters, start } = await machineThat("saved", (now) => now("running"));
    adapters.set("vboxnet0", "192.168.56.1");
    await start({ hostOnly });
    expect(calls).toEqual(["launch"]);
  });
});

describe("a machine that somebody else has just started", () => {
  test.each(["poweroff", "saved"])("is started, and goes on running: %s", async (state) => {
    const { calls, start } = await machineThat(state, (now) => {
      now("running");
      throw locked;
    });
    expect(await start({})).toMatchObject({ uuid });
    expect(calls).toEqual(["launch"]);
  });

  test("is left alone where it does not run", async () => {
    const { calls, start } = await machineThat("poweroff", (now) => {
      now("gurumeditation");
      throw locked;
    });
    await expect(start({})).rejects.toMatchObject({ code: "INSTANCE_LOCKED" });
    expect(calls).toEqual(["launch"]);
  });
});

test("a launch of its own that fails leaves nothing running", async () => {
  const { calls, start } = await machineThat("poweroff", (now) => {
    now("running");
    throw new Error("cancelled");
  });
  await expect(start({})).rejects.toThrow("cancelled");
  expect(calls).toEqual(["launch", "powerOff"]);
});
