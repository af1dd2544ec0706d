import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { unlessMissing } from "../../../host/files/files.ts";
import type { Hardware, MachineView } from "../control.ts";
import { madeOnce } from "../made-once.ts";
import { type Claim, claimAddress } from "../network/claim-address.ts";
import { pathOf, type VirtualBoxMachine, type VirtualBoxRecord } from "../record.ts";
import { findMachine, findSettingsFile, missing } from "./find.ts";
import { dataDiskPath, ports } from "./media.ts";
import { requireOwnView } from "./own.ts";
import type { Tools } from "./tools.ts";

/**
 * Makes the machine with its disk, and finds out its address. May be called again after it was killed
 * half-way: what is there is kept.
 */
export async function createInstance(
  machine: VirtualBoxMachine,
  record: VirtualBoxRecord,
  tools: Tools,
): Promise<VirtualBoxRecord> {
  const { control } = tools;
  const { uuid } = machine;
  const view = await registered(machine, tools);
  const claim = await claimAddress(record, tools);
  const complete = withClaim(record, claim);
  await control.configureMachine(uuid, hardwareOf({ ...machine, ...complete }));
  const now = () => control.readMachine(uuid);
  if (!view.hasController) {
    const hasController = async () => (await now())?.hasController ?? false;
    await madeOnce(() => control.addController(uuid), hasController);
  }
  await addDisk(machine, view, tools);
  for (const { tag, path } of machine.folders) {
    const hasFolder = async () => (await now())?.folders.includes(tag) ?? false;
    if (view.folders.includes(tag)) continue;
    await madeOnce(() => control.addFolder(uuid, { tag, path }), hasFolder);
  }
  return complete;
}

export function withClaim(record: VirtualBoxRecord, claim: Claim | undefined): VirtualBoxRecord {
  const { hostOnly } = record;
  if (hostOnly === null || claim === undefined) return record;
  return { ...record, hostOnly: { ...hostOnly, ...claim } };
}

/** The hardware that the record asks for, with its files where they are now. */
export function hardwareOf(machine: VirtualBoxMachine): Hardware {
  const { memoryMiB, cpuCount, nat, hostOnly } = machine;
  return {
    ...{ memoryMiB, cpuCount, nat },
    consoleLog: pathOf(machine, "consoleLog"),
    hostOnly:
      hostOnly === null || hostOnly.adapter === null
        ? undefined
        : { ...hostOnly, adapter: hostOnly.adapter },
  };
}

async function registered(machine: VirtualBoxMachine, tools: Tools): Promise<MachineView> {
  const { control } = tools;
  const { uuid, name, directory } = machine;
  const found = await findMachine(machine, tools);
  await requireOwnView(machine, found);
  if (found === undefined) {
    const settingsFile = await findSettingsFile(machine);
    if (settingsFile === undefined) {
      const isMade = async () => (await findMachine(machine, tools)) !== undefined;
      await madeOnce(async () => {
        await removeLeftovers(machine);
        await control.createMachine({ uuid, name, folder: directory });
      }, isMade);
    } else {
      await control.registerMachine(settingsFile);
    }
  }
  const view = await findMachine(machine, tools);
  if (view === undefined) throw missing(machine);
  return view;
}

/** A `createvm` that was killed may leave a settings file that VirtualBox does not know. */
async function removeLeftovers({ directory, name }: VirtualBoxMachine): Promise<void> {
  const folder = join(directory, name);
  const names = (await unlessMissing(readdir(folder))) ?? [];
  for (const left of names.filter((one) => /\.vbox(-prev|-tmp)?$/.test(one))) {
    await rm(join(folder, left), { force: true });
  }
}

async function addDisk(machine: VirtualBoxMachine, view: MachineView, { control }: Tools) {
  if (view.media.has(ports.dataDisk)) return;
  const path = dataDiskPath(machine, view);
  if ((await unlessMissing(stat(path))) === undefined) {
    await control.createDisk({ path, sizeMiB: machine.diskSizeMiB });
  }
  await control.attach(machine.uuid, { port: ports.dataDisk, kind: "disk", path });
}
