import { rm } from "node:fs/promises";
import { join } from "node:path";
import { readConsoleTail } from "../console.ts";
import type { Instance, MachinePlaces } from "../provider.ts";
import { growDataDisk, makeDataDisk } from "./disk.ts";
import { suspendInstance } from "./memory/suspend.ts";
import { forwardsOf } from "./network/forwards.ts";
import { powerOf } from "./process/power.ts";
import { acceleratorOfQemu, findQemuProcess, portsOfQemu } from "./process/qemu-process.ts";
import { startInstance } from "./process/start.ts";
import { powerOff, pressPowerButton } from "./process/stop.ts";
import { usageOf } from "./process/usage.ts";
import { fileNames, type KvmRecord, pathOf, placeMachine } from "./record.ts";
import { resizeInstance, sizesOf } from "./resize.ts";
import { tagOf } from "./sharing/offered-folders.ts";
import { requireAddable } from "./sharing/plan-folders.ts";
import { snapshotsOf } from "./snapshots/snapshots.ts";
import type { KvmWorld } from "./world.ts";

/** A machine that QEMU runs as a process of its own. */
export function openKvmInstance(
  record: KvmRecord,
  places: MachinePlaces,
  world: KvmWorld,
): Instance {
  const machine = placeMachine(record, places);
  return {
    async create(operation) {
      operation.report("making the data disk");
      await growDataDisk(machine);
      return record;
    },
    async remove(operation) {
      await powerOff(machine, world, operation);
      const paths = Object.values(fileNames).map((name) => join(places.directory, name));
      await Promise.all(paths.map((path) => rm(path, { recursive: true, force: true })));
    },
    start: async (operation) => ({
      ...record,
      ports: await startInstance(machine, world, operation),
    }),
    stop: (how, operation) =>
      how === "shutdown"
        ? pressPowerButton(machine, world, operation)
        : powerOff(machine, world, operation),
    power: ({ signal }) => powerOf(machine, world, signal),
    async endpoint({ signal }) {
      const isRunning = (await findQemuProcess(machine, world, signal)) !== undefined;
      const { ssh, docker } = isRunning ? await portsOfQemu(machine) : record.ports;
      return { address: "127.0.0.1", sshPort: ssh, dockerPort: docker };
    },
    accelerator: () => acceleratorOfQemu(machine),
    suspension: { suspend: (operation) => suspendInstance(machine, world, operation) },
    snapshots: snapshotsOf(machine, world),
    resizing: {
      sizes: sizesOf(record),
      resize: async (wanted, operation) => ({
        ...record,
        ...(await resizeInstance(machine, { world, wanted }, operation)),
      }),
    },
    sharing: {
      folders: record.folders,
      async share(folders, operation) {
        const { name, virtiofsd, folders: had } = record;
        await requireAddable(name, { world, virtiofsd, folders, had }, operation);
        return { ...record, folders: folders.map((folder) => ({ ...folder })) };
      },
    },
    guest: {
      addresses: [],
      folders: record.folders.map(({ mountPoint, isReadOnly }, index) => ({
        ...{ type: "virtio", tag: tagOf(index), mountPoint, isReadOnly },
      })),
    },
    portable: {
      disk: pathOf(machine, "dataDisk"),
      async createWith(write) {
        await makeDataDisk(machine, write);
        return record;
      },
    },
    forwards: forwardsOf(machine, world),
    usage: ({ signal }) => usageOf(machine, world, signal),
    consoleTail: (lines) => readConsoleTail(pathOf(machine, "consoleLog"), lines),
    files: {
      dataDisk: pathOf(machine, "dataDisk"),
      consoleLog: pathOf(machine, "consoleLog"),
      qemuLog: pathOf(machine, "qemuLog"),
    },
  };
}
