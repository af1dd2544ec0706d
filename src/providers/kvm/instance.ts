import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Instance } from "../provider.ts";
import { readConsoleTail } from "./console.ts";
import { createDataDisk } from "./disk.ts";
import { powerOf } from "./process/power.ts";
import { startInstance } from "./process/start.ts";
import { powerOff, pressPowerButton } from "./process/stop.ts";
import { fileNames, type KvmRecord, pathOf } from "./record.ts";
import type { KvmWorld } from "./world.ts";

/** A machine that QEMU runs as a process of its own. */
export function openKvmInstance(record: KvmRecord, world: KvmWorld): Instance {
  return {
    async create(operation) {
      operation.report("making the data disk");
      await createDataDisk(record);
    },
    async remove(operation) {
      await powerOff(record, world, operation);
      const paths = Object.values(fileNames).map((name) => join(record.directory, name));
      await Promise.all(paths.map((path) => rm(path, { force: true })));
    },
    start: (operation) => startInstance(record, world, operation),
    stop: (how, operation) =>
      how === "shutdown"
        ? pressPowerButton(record, world, operation)
        : powerOff(record, world, operation),
    power: ({ signal }) => powerOf(record, world, signal),
    endpoint: async () => ({
      address: "127.0.0.1",
      sshPort: record.ports.ssh,
      dockerPort: record.ports.docker,
    }),
    consoleTail: (lines) => readConsoleTail(record, lines),
    files: {
      dataDisk: pathOf(record, "dataDisk"),
      consoleLog: pathOf(record, "consoleLog"),
      qemuLog: pathOf(record, "qemuLog"),
    },
  };
}
