import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Control, inaccessible } from "../../../../src/providers/virtualbox/control.ts";
import { virtualBoxFailed } from "../../../../src/providers/virtualbox/failure.ts";
import { requireMachine } from "../../../../src/providers/virtualbox/machine/find.ts";
import { powerOf } from "../../../../src/providers/virtualbox/machine/power.ts";
import type { Tools } from "../../../../src/providers/virtualbox/machine/tools.ts";
import {
  parseVirtualBoxRecord,
  placeMachine,
} from "../../../../src/providers/virtualbox/record.ts";
import { sampleImages } from "../../../support/providers/fake-provider.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";
import { sampleRecord } from "../../../support/virtualbox/sample-record.ts";

const uuid = "0f2b1a50-0000-4000-8000-0000000000aa";
const whole = `<Machine uuid="{${uuid}}"></Machine>`;
const refused = virtualBoxFailed(
  { message: "Couldn't find end of Start Tag HardDisk line 15", code: "0x80004005" },
  ["registervm"],
);

/** A machine that VirtualBox cannot read, with these settings and those before. */
async function damaged(settings: string, previous: string | undefined) {
  const directory = await temporaryDirectory();
  const settingsFile = join(directory, "dev", "dev.vbox");
  await mkdir(join(directory, "dev"));
  await writeFile(settingsFile, settings);
  if (previous !== undefined) await writeFile(`${settingsFile}-prev`, previous);
  const asked: Partial<Control> = {
    readMachine: async () => inaccessible(uuid),
    unregisterMachine: async () => {},
    async registerMachine() {
      throw refused;
    },
  };
  const control: Control = Object.assign(Object.create(null), asked);
  const world: Tools["world"] = Object.create(null);
  const tools: Tools = {
    ...{ control, world, signal: new AbortController().signal },
    unhurried: () => tools,
  };
  const record = parseVirtualBoxRecord(sampleRecord({ uuid }));
  return {
    settingsFile,
    tools,
    machine: placeMachine(record, { directory, images: sampleImages }),
  };
}

test.each([
  ["cut off", whole.slice(0, -5)],
  ["empty", ""],
])("settings that are %s can be had from what VirtualBox has kept", async (_, settings) => {
  const { settingsFile, machine, tools } = await damaged(settings, whole);
  expect(await powerOf(machine, tools)).toBe("stopped");
  await expect(requireMachine(machine, tools)).rejects.toMatchObject({
    message: `VirtualBox cannot read the settings of machine "dev": ${settingsFile}`,
    hints: [
      `copy ${settingsFile}-prev, which VirtualBox has kept of them, over ${settingsFile}, then run \`tsmachine start dev\``,
    ],
  });
});

test("without them VirtualBox's own words are told, or that the machine is gone", async () => {
  const cut = await damaged(whole.slice(0, -5), undefined);
  await expect(requireMachine(cut.machine, cut.tools)).rejects.toBe(refused);
  const empty = await damaged("", "of another machine");
  expect(await powerOf(empty.machine, empty.tools)).toBe("absent");
  await expect(requireMachine(empty.machine, empty.tools)).rejects.toMatchObject({
    code: "INSTANCE_MISSING",
  });
});
