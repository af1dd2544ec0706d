import type { Control, Medium } from "../control.ts";
import { isDvdLeftAlone } from "../failure.ts";
import type { Client } from "../soap/connection.ts";
import { withLockedMachine } from "../soap/locked.ts";
import { completed } from "../soap/progress.ts";
import { controllerName, controllerPorts } from "../storage.ts";
import { attachmentsOf } from "./read-machine.ts";

export type MediaCommands = Pick<
  Control,
  "createDisk" | "forgetDvd" | "addController" | "attach" | "addFolder"
>;

export function mediaCommands(client: Client): MediaCommands {
  const { virtualBox } = client;
  return {
    async createDisk({ path, sizeMiB }) {
      const format = path.endsWith(".vmdk") ? "VMDK" : "VDI";
      const disk = await virtualBox.createMedium(format, path, "ReadWrite", "HardDisk");
      const progress = await disk.createBaseStorage(sizeMiB * 1024 * 1024, ["Standard"]);
      await completed(progress, "making a disk", client);
      // Else VirtualBox would go on listing it, also when no machine has it.
      await disk.close();
    },
    forgetDvd: (path) => forgetDvd(client, path),
    addController: (uuid) =>
      withLockedMachine(client, uuid, "Write", async ({ machine }) => {
        const controller = await machine.addStorageController(controllerName, "SATA");
        await controller.setPortCount(controllerPorts);
        await controller.setUseHostIOCache(true);
        await machine.saveSettings();
      }),
    attach: (uuid, medium) => attach(client, uuid, medium),
    addFolder: (uuid, { tag, path }) =>
      withLockedMachine(client, uuid, "Write", async ({ machine }) => {
        await machine.createSharedFolder(tag, path, true, false, "");
        await machine.saveSettings();
      }),
  };
}

async function attach(client: Client, uuid: string, { port, kind, path }: Medium): Promise<void> {
  const [type, access] = kind === "disk" ? ["HardDisk", "ReadWrite"] : ["DVD", "ReadOnly"];
  const medium = await client.virtualBox.openMedium(path, type, access, false);
  await withLockedMachine(client, uuid, "Shared", async ({ machine }) => {
    const there = (await attachmentsOf(machine)).find((one) => one.port === port);
    // A drive stays and gets another image, which also works while the machine runs.
    if (there?.type === "DVD" && kind === "dvd") {
      await machine.mountMedium(controllerName, port, 0, medium, false);
    } else {
      if (there !== undefined) await machine.detachDevice(controllerName, port, 0);
      await machine.attachDevice(controllerName, port, 0, type, medium);
    }
    await machine.saveSettings();
  });
}

async function forgetDvd({ virtualBox }: Client, path: string): Promise<void> {
  try {
    await (await virtualBox.openMedium(path, "DVD", "ReadOnly", false)).close();
  } catch (error) {
    if (!isDvdLeftAlone(error)) throw error;
  }
}
