import { dirname } from "node:path";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import type { Control, NewMachine } from "../control.ts";
import { isOwnDisk, type MachineFolders } from "../own-disk.ts";
import type { Machine, Medium } from "../soap/api.ts";
import type { Client } from "../soap/connection.ts";
import { referenceOf } from "../soap/package.ts";
import { completed } from "../soap/progress.ts";
import { hasApiOf } from "./api-version.ts";
import { hasPlatforms } from "./firmware.ts";
import { findMachine } from "./read-machine.ts";

export type Registration = Pick<
  Control,
  "createMachine" | "registerMachine" | "unregisterMachine" | "deleteMachine" | "listMachines"
>;

export function registration(client: Client): Registration {
  const { virtualBox } = client;
  return {
    listMachines: async () =>
      Promise.all(
        (await virtualBox.getMachines()).map(async (machine) => ({
          uuid: await machine.getId(),
          name: (await machine.getAccessible()) ? await machine.getName() : undefined,
        })),
      ),
    createMachine: (machine) => createMachine(client, machine),
    registerMachine: async (settingsFile) => {
      const opened = await returned(client, "IVirtualBox_openMachine", {
        settingsFile,
        // Machines can be encrypted since then.
        ...((await hasApiOf(client, [7, 0])) && { password: "" }),
      });
      await register(client, opened);
    },
    unregisterMachine: (uuid) =>
      unregister(client, uuid, async (machine) => {
        // The mode that is called "none" would put its media on VirtualBox's own list.
        await machine.unregister("DetachAllReturnHardDisksOnly");
      }),
    deleteMachine: (uuid) =>
      unregister(client, uuid, async (machine) => {
        // Of one that cannot be read VirtualBox does not know what to delete.
        const folders = (await machine.getAccessible()) ? await foldersOf(machine) : undefined;
        const media = await machine.unregister("DetachAllReturnHardDisksOnly");
        if (folders === undefined) return;
        const own = await ownOf(media, folders);
        await completed(await machine.deleteConfig(own), "deleting a machine", client);
        await forget(media.filter((medium) => !own.includes(medium)));
      }),
  };
}

async function foldersOf(machine: Machine): Promise<MachineFolders> {
  return {
    folder: dirname(await machine.getSettingsFilePath()),
    snapshotFolder: await machine.getSnapshotFolder(),
  };
}

async function ownOf(media: readonly Medium[], folders: MachineFolders): Promise<Medium[]> {
  const own: Medium[] = [];
  for (const medium of media) {
    const path = await medium.getLocation();
    const isDifferencing = (await medium.getParent()) !== null;
    if (isOwnDisk({ path, isDifferencing }, folders)) own.push(medium);
  }
  return own;
}

/** VirtualBox would go on listing them. */
async function forget(media: readonly Medium[]): Promise<void> {
  for (const medium of media) {
    try {
      await medium.close();
    } catch (error) {
      // Another machine has it.
      if (!(error instanceof TsmachineError)) throw error;
    }
  }
}

/** The arguments as each version has them, which the WSDL of 7.0 does not. */
async function createMachine(client: Client, { uuid, name, folder }: NewMachine): Promise<void> {
  const settingsFile = await client.virtualBox.composeMachineFilename(name, "/", "", folder);
  const created = await returned(client, "IVirtualBox_createMachine", {
    ...{ settingsFile, name },
    ...((await hasPlatforms(client)) && { platform: "x86" }),
    ...{ groups: [], osTypeId: "Linux26_64", flags: `UUID=${uuid}` },
    ...((await hasApiOf(client, [7, 0])) && { cipher: "", passwordId: "", password: "" }),
  });
  await register(client, created);
}

async function register({ callByHand, virtualBox }: Client, machine: string): Promise<void> {
  await callByHand("IVirtualBox_registerMachine", { _this: referenceOf(virtualBox), machine });
}

async function returned(
  { callByHand, virtualBox }: Client,
  method: string,
  args: Parameters<Client["callByHand"]>[1],
): Promise<string> {
  const reference = await callByHand(method, { _this: referenceOf(virtualBox), ...args });
  if (reference === undefined) throw new Error(`${method} gives back nothing`);
  return reference;
}

/** One that cannot be read is unregistered although the call fails. */
async function unregister(
  client: Client,
  uuid: string,
  action: (machine: Machine) => Promise<void>,
): Promise<void> {
  const machine = await findMachine(client, uuid);
  if (machine === undefined) return;
  try {
    await action(machine);
  } catch (error) {
    if ((await findMachine(client, uuid)) !== undefined) throw error;
  }
}
