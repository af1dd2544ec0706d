import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  type Control,
  type Forward,
  inaccessible,
  type MachineView,
} from "../../../../src/providers/virtualbox/control.ts";
import { codes, virtualBoxFailed } from "../../../../src/providers/virtualbox/failure.ts";
import { startInstance } from "../../../../src/providers/virtualbox/machine/start.ts";
import type { Tools } from "../../../../src/providers/virtualbox/machine/tools.ts";
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

type Become = (state: string) => void;

/**
 * A machine in this state on adapter vboxnet0; `launch` puts it into another one, at once or as it is seen only at
 * the second look, or fails. `cancel` ends what the user can end, which a launch is not.
 */
async function machineThat(
  state: string,
  launch: (now: Become, soon: Become) => void,
  forwards: readonly Forward[] = [],
) {
  const { tools, adapters, state: host } = hostOnlyHost({ other: "192.168.99.1" });
  const directory = await temporaryDirectory();
  host.settingsFolder = directory;
  const folder = join(directory, "dev");
  await mkdir(folder);
  await writeFile(join(folder, "data.vdi"), "");
  const calls: string[] = [];
  /** Of launches, in milliseconds. */
  const limits: number[] = [];
  /** Of what goes on although the user has cancelled the rest. */
  const undoLimits: number[] = [];
  const looks: (() => void)[] = [];
  let view: MachineView = {
    ...{ ...inaccessible(uuid), name: "dev", state, settingsFile: join(folder, "dev.vbox") },
    ...{ media: new Map([[3, join(folder, "data.vdi")]]), adapters: ["vboxnet0"] },
    forwards,
  };
  const asked: Partial<Control> = {
    async readMachine() {
      const seen = view;
      looks.shift()?.();
      return seen;
    },
    async resume() {
      calls.push("resume");
      view = { ...view, state: "running" };
    },
    async moveToAdapter(_, adapter) {
      calls.push(`moveToAdapter ${adapter}`);
      view = { ...view, adapters: [adapter] };
    },
    configureMachine: async () => {},
    setForwards: async () => {},
    attach: async () => {},
    async launch(_uuid, _frontEnd, limitMs) {
      calls.push("launch");
      limits.push(limitMs);
      const now = (after: string) => {
        view = { ...view, state: after };
      };
      launch(now, (after) => looks.push(() => now(after)));
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
  const cancellation = new AbortController();
  const cancel = () => cancellation.abort(new Error("cancelled"));
  const ended: Pick<Control, "launch"> = { launch: async () => expect.fail("it can be ended") };
  const hurried: Tools = {
    ...tools,
    control: Object.assign(Object.create(tools.control), ended),
    signal: cancellation.signal,
    unhurried: (limitMs = 60_000) => {
      undoLimits.push(limitMs);
      return tools;
    },
  };
  const start = (changes: object) => {
    const record = parseVirtualBoxRecord(sampleRecord({ uuid, ...changes }));
    const machine = placeMachine(record, { directory, images: sampleImages });
    return startInstance(machine, record, { tools: hurried, operation: recordedOperation() });
  };
  return { calls, limits, undoLimits, adapters, start, cancel };
}

test.each([
  ["poweroff", 5],
  ["saved", 30],
  ["aborted-saved", 30],
])("a machine that is %s may take %i minutes to run", async (state, minutes) => {
  const { limits, start } = await machineThat(state, (now) => now("running"));
  await start({});
  expect(limits).toEqual([minutes * 60_000]);
});

describe("a saved machine that goes on", () => {
  test("may take half an hour to be saved again where it cannot", async () => {
    const { calls, undoLimits, start } = await machineThat("saved", (now) => {
      now("running");
      throw new Error("cancelled");
    });
    await expect(start({})).rejects.toThrow("cancelled");
    expect(calls).toEqual(["launch", "saveState"]);
    expect(undoLimits.at(-1)).toBeGreaterThanOrEqual(30 * 60_000);
  });

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

describe.each([
  ["running", []],
  ["paused", ["resume"]],
])("a machine that is %s, as a start that was killed has left it", (state, done) => {
  const unused = () => expect.fail("it is not launched");
  const ssh = { name: "ssh", hostPort: 40122, guestPort: 22 };
  const docker = { name: "docker", hostPort: 42476, guestPort: 2376 };

  test("is reached by the ports that it has, whatever its record says", async () => {
    const { calls, start } = await machineThat(state, unused, [docker, ssh]);
    expect(await start({})).toMatchObject({ ports: { ssh: 40122, docker: 42476 } });
    expect(calls).toEqual(done);
  });

  test("keeps the ports of its record where it has none, or others than tsmachine's", async () => {
    const { start } = await machineThat(state, unused, [ssh, { ...docker, guestPort: 80 }]);
    expect(await start({})).toMatchObject({ ports: { ssh: 40022, docker: 42376 } });
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

describe.each([
  ["poweroff", "powerOff"],
  ["saved", "saveState"],
])("a launch of its own that fails leaves nothing running: %s", (state, undoing) => {
  test("of what came up at once", async () => {
    const { calls, start } = await machineThat(state, (now) => {
      now("running");
      throw new Error("cancelled");
    });
    await expect(start({})).rejects.toThrow("cancelled");
    expect(calls).toEqual(["launch", undoing]);
  });

  test("of what comes up when VirtualBox's client is killed already", async () => {
    const { calls, start } = await machineThat(state, (_, soon) => {
      soon("running");
      throw new Error("killed");
    });
    await expect(start({})).rejects.toThrow("killed");
    expect(calls).toEqual(["launch", undoing]);
  });

  test("of what came up although the user has cancelled the start", async () => {
    const { calls, start, cancel } = await machineThat(state, (now) => {
      cancel();
      now("running");
    });
    await expect(start({})).rejects.toThrow("cancelled");
    expect(calls).toEqual(["launch", undoing]);
  });

  test("and begins nothing once it is cancelled", async () => {
    const { calls, start, cancel } = await machineThat(state, (now) => now("running"));
    cancel();
    await expect(start({})).rejects.toThrow("cancelled");
    expect(calls).toEqual([]);
  });
});
