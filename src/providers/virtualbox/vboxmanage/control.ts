import { type Control, inaccessible, type MachineView } from "../control.ts";
import { codes, hasCode, isDvdLeftAlone } from "../failure.ts";
import { longMs } from "../patience.ts";
import { controllerName, controllerPorts } from "../storage.ts";
import type { VirtualBoxWorld } from "../world.ts";
import { openAdapters } from "./adapters.ts";
import { attachArguments, hardwareArguments, withHostOnlyNetwork } from "./arguments.ts";
import { openVBoxManage, type VBoxManage } from "./call.ts";
import { setForwards } from "./forwards.ts";
import { parseMachineList, parseNotes } from "./lists.ts";
import { parseMachine } from "./machine-readable.ts";
import { majorVersion } from "./major-version.ts";
import { findOwnFiles, removeOwnFiles } from "./own-files.ts";
import { powerCommands } from "./power.ts";
import { snapshotCommands } from "./snapshots.ts";

/** VirtualBox on this host, by its command-line program. */
export function openVBoxManageControl(
  program: string,
  world: VirtualBoxWorld,
  signal: AbortSignal,
): Control {
  const vbox = openVBoxManage(program, world, signal);
  const { call } = vbox;
  const adapters = openAdapters(vbox, world);
  return {
    ...adapters,
    ...powerCommands(vbox),
    ...snapshotCommands(vbox),
    version: async () => /^\d+\.\d+\.\d+/.exec(await call(["--version"]))?.[0] ?? "unknown",
    listMachines: async () => parseMachineList(await call(["list", "vms"])),
    readMachine: (uuid) => readMachine(vbox, uuid),
    async createMachine({ uuid, name, folder }) {
      const identity = ["--uuid", uuid, "--name", name, "--basefolder", folder];
      await call(["createvm", ...identity, "--ostype", "Linux26_64", "--register"]);
    },
    async configureMachine(uuid, hardware) {
      const args = hardwareArguments(hardware, await majorVersion(vbox));
      const hasNetworks = await adapters.hasNetworks();
      await call(["modifyvm", uuid, ...(hasNetworks ? withHostOnlyNetwork(args) : args)]);
    },
    async moveToAdapter(uuid, adapter) {
      const args = ["--nic2", "hostonly", "--hostonlyadapter2", adapter];
      const hasNetworks = await adapters.hasNetworks();
      await call(["modifyvm", uuid, ...(hasNetworks ? withHostOnlyNetwork(args) : args)]);
    },
    registerMachine: async (settingsFile) => {
      await call(["registervm", settingsFile]);
    },
    unregisterMachine: (uuid) => unregister(vbox, uuid),
    async deleteMachine(uuid) {
      const shown = await showMachine(vbox, uuid);
      const files = shown === undefined ? undefined : await findOwnFiles(vbox, shown);
      await unregister(vbox, uuid);
      if (files !== undefined) await removeOwnFiles(vbox, files);
    },
    async createDisk({ path, sizeMiB }) {
      const format = path.endsWith(".vmdk") ? "VMDK" : "VDI";
      const size = ["--size", String(sizeMiB)];
      await call(["createmedium", "disk", "--filename", path, ...size, "--format", format]);
    },
    async forgetDvd(path) {
      try {
        await call(["closemedium", "dvd", path]);
      } catch (error) {
        if (!isDvdLeftAlone(error)) throw error;
      }
    },
    async addController(uuid) {
      const options = ["--portcount", String(controllerPorts), "--hostiocache", "on"];
      await call(["storagectl", uuid, "--name", controllerName, "--add", "sata", ...options]);
    },
    attach: async (uuid, medium) => {
      await call(["storageattach", uuid, ...attachArguments(medium)]);
    },
    addFolder: async (uuid, { tag, path }) => {
      await call(["sharedfolder", "add", uuid, "--name", tag, "--hostpath", path]);
    },
    setForwards: (uuid, before, after) => setForwards(vbox, uuid, { before, after }),
    readNotes: async () => parseNotes(await call(["getextradata", "global", "enumerate"])),
    writeNote: async (key, value) => {
      await call(["setextradata", "global", key, ...(value === undefined ? [] : [value])]);
    },
  };
}

async function readMachine({ call }: VBoxManage, uuid: string): Promise<MachineView | undefined> {
  try {
    const text = await call(["showvminfo", uuid, "--machinereadable"]);
    return parseMachine(uuid, text, controllerName);
  } catch (error) {
    if (hasCode(error, codes.notFound)) return undefined;
    if (await isInaccessible({ call }, uuid, error)) return inaccessible(uuid);
    throw error;
  }
}

/** Whether the settings file cannot be read: what is not ready, or is another user's, has that code too. */
async function isInaccessible({ call }: VBoxManage, uuid: string, error: unknown) {
  if (!hasCode(error, codes.accessDenied)) return false;
  const listed = parseMachineList(await call(["list", "vms"])).find((one) => one.uuid === uuid);
  return listed?.name === undefined;
}

/** What VirtualBox shows of a machine; undefined of one that it does not know or cannot read. */
async function showMachine({ call }: VBoxManage, uuid: string): Promise<string | undefined> {
  try {
    return await call(["showvminfo", uuid, "--machinereadable"]);
  } catch (error) {
    if (hasCode(error, codes.notFound) || (await isInaccessible({ call }, uuid, error))) {
      return undefined;
    }
    throw error;
  }
}

/** One that cannot be read is unregistered although the command fails. Its disks are no more listed. */
async function unregister(vbox: VBoxManage, uuid: string): Promise<void> {
  try {
    await vbox.call(["unregistervm", uuid], { timeoutMs: longMs });
  } catch (error) {
    if (hasCode(error, codes.notFound)) return;
    if ((await readMachine(vbox, uuid)) !== undefined) throw error;
  }
}
