import { describe, expect, test } from "vitest";
import {
  type Control,
  inaccessible,
  type MachineView,
} from "../../../../src/providers/virtualbox/control.ts";
import { removeInstance } from "../../../../src/providers/virtualbox/machine/remove.ts";
import { adapterKey } from "../../../../src/providers/virtualbox/network/notes.ts";
import {
  parseVirtualBoxRecord,
  placeMachine,
} from "../../../../src/providers/virtualbox/record.ts";
import { sampleImages } from "../../../support/providers/fake-provider.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";
import { hostOnlyHost } from "../../../support/virtualbox/host-only-host.ts";
import { sampleRecord } from "../../../support/virtualbox/sample-record.ts";
import { recordedOperation } from "../../../support/worlds/operations.ts";

const lost = "b26fa7a6-0000-4000-8000-00000000dead";

test("rm tells of the machine that cannot be read and that the adapter stays for", async () => {
  const { tools, notes, adapters, state } = hostOnlyHost({ vboxnet0: "192.168.56.1" });
  tools.control.forgetDvd = async () => {};
  state.settingsFolder = await temporaryDirectory();
  state.machines.set(lost, undefined);
  notes.set(adapterKey("vboxnet0"), "192.168.56.1/24");
  const hostOnly = {
    ...{ network: "192.168.56.1/24", type: "virtio", mac: "08:00:27:00:00:02", hasDhcp: true },
    ...{ promiscuous: "deny", adapter: "vboxnet0", address: "192.168.56.2" },
  };
  const record = parseVirtualBoxRecord(sampleRecord({ hostOnly }));
  const machine = placeMachine(record, {
    ...{ directory: await temporaryDirectory(), images: sampleImages },
  });
  const operation = recordedOperation();
  await removeInstance(machine, { tools, operation });
  expect(adapters.has("vboxnet0")).toBe(true);
  expect(operation.steps).toEqual([
    `host-only adapter vboxnet0 stays: VirtualBox cannot read machine ${lost}, which may be on it; mend that one, or run \`VBoxManage unregistervm ${lost}\``,
  ]);
});

/** The DVD images that are forgotten when machine "dev" is removed, which VirtualBox shows so. */
async function forgottenOf(view: MachineView | undefined): Promise<readonly string[]> {
  const { tools } = hostOnlyHost();
  const forgotten: string[] = [];
  let shown = view;
  const asked: Partial<Control> = {
    readMachine: async () => shown,
    async deleteMachine() {
      shown = undefined;
    },
    async forgetDvd(path) {
      // Those that a machine has are left alone.
      if (shown === undefined) forgotten.push(path);
    },
  };
  Object.assign(tools.control, asked);
  const places = { directory: await temporaryDirectory(), images: sampleImages };
  const machine = placeMachine(parseVirtualBoxRecord(sampleRecord()), places);
  await removeInstance(machine, { tools, operation: recordedOperation() });
  return forgotten;
}

describe("with the machine VirtualBox forgets", () => {
  const { bootIso, engineImage, seedImage } = sampleImages;

  test("the images in it, and those that its next start would have put in", async () => {
    const media = new Map([
      [0, "/images/former.iso"],
      [2, seedImage],
      [3, "/machines/dev/dev/data.vdi"],
    ]);
    const view = { ...inaccessible(lost), state: "poweroff", media };
    expect(await forgottenOf(view)).toEqual([
      ...["/images/former.iso", seedImage, bootIso, engineImage],
    ]);
  });

  test.each([
    ["is gone already", undefined],
    ["cannot be read", inaccessible(lost)],
  ])("its images also where it %s", async (_, view) => {
    expect(await forgottenOf(view)).toEqual([bootIso, engineImage, seedImage]);
  });
});
