import { mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  type Control,
  inaccessible,
  type MachineView,
} from "../../../../src/providers/virtualbox/control.ts";
import { createInstance } from "../../../../src/providers/virtualbox/machine/create.ts";
import { requireMachine } from "../../../../src/providers/virtualbox/machine/find.ts";
import { requireOwn } from "../../../../src/providers/virtualbox/machine/own.ts";
import { powerOf } from "../../../../src/providers/virtualbox/machine/power.ts";
import { removeInstance } from "../../../../src/providers/virtualbox/machine/remove.ts";
import { startInstance } from "../../../../src/providers/virtualbox/machine/start.ts";
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

async function machineFolder(directory: string): Promise<string> {
  await mkdir(join(directory, "dev"), { recursive: true });
  const settingsFile = join(directory, "dev", "dev.vbox");
  await writeFile(settingsFile, `<Machine uuid="{${uuid}}"/>`);
  return settingsFile;
}

/** A machine that VirtualBox has registered with this settings file, and its copy in another store. */
async function copied(state = "running") {
  const folder = await temporaryDirectory();
  const settingsFile = await machineFolder(join(folder, "original"));
  const directory = join(folder, "copy");
  await machineFolder(directory);
  const view: MachineView = { ...inaccessible(uuid), name: "dev", state, settingsFile };
  // Whatever else is asked of VirtualBox is no function.
  const asked: Pick<Control, "readMachine"> = { readMachine: async () => view };
  const control: Control = Object.assign(Object.create(null), asked);
  const world: Tools["world"] = Object.assign(Object.create(null), { patience: 1 });
  const tools: Tools = {
    ...{ control, world, signal: new AbortController().signal },
    unhurried: () => tools,
  };
  const record = parseVirtualBoxRecord(sampleRecord({ uuid }));
  const machine = placeMachine(record, { directory, images: sampleImages });
  return { folder, directory, settingsFile, machine, record, tools };
}

const refusal = {
  ...{
    code: "INSTANCE_EXISTS",
    message: expect.stringMatching(/copy: .*original\/dev\/dev\.vbox$/),
  },
  hints: [expect.stringContaining(`VBoxManage unregistervm ${uuid}\``)],
};

describe("the copy of a machine in another store", () => {
  test.each(["running", "gurumeditation", "poweroff"])("is not started: %s", async (state) => {
    const { machine, record, tools } = await copied(state);
    const operation = recordedOperation();
    await expect(startInstance(machine, record, { tools, operation })).rejects.toMatchObject(
      refusal,
    );
    await expect(createInstance(machine, record, tools)).rejects.toMatchObject(refusal);
    await expect(requireMachine(machine, tools)).rejects.toMatchObject(refusal);
    await expect(requireOwn(machine, tools)).rejects.toMatchObject(refusal);
  });

  test("is stopped, whatever the other does", async () => {
    const { machine, tools } = await copied();
    expect(await powerOf(machine, tools)).toBe("stopped");
  });

  test("is removed without the other", async () => {
    const { machine, tools, folder, directory } = await copied();
    const operation = recordedOperation();
    await removeInstance(machine, { tools, operation });
    expect(await readdir(directory)).toEqual([]);
    expect(await readdir(join(folder, "original", "dev"))).toEqual(["dev.vbox"]);
    expect(operation.steps.join()).toMatch(/another folder too, where it stays: .*original/);
  });
});

test.skipIf(process.platform === "win32")("a store with two names is one store", async () => {
  const { folder, machine, tools } = await copied();
  await symlink(join(folder, "original"), join(folder, "alias"));
  await requireOwn({ ...machine, directory: join(folder, "alias") }, tools);
});
