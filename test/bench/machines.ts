import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { placesOf } from "../../src/core/machine/places.ts";
import { growDataDisk } from "../../src/providers/kvm/disk.ts";
import { findQemuProcess } from "../../src/providers/kvm/process/qemu-process.ts";
import {
  type KvmMachine,
  parseKvmRecord,
  pathOf,
  placeMachine,
} from "../../src/providers/kvm/record.ts";
import type { Bench } from "./bench.ts";
import { cpuSecondsOf } from "./measure/cpu-time.ts";

/** The only machine of the benchmark that runs. */
export const machineName = "bench";

/** Removes the benchmark's machines when the action has ended, however it did. */
export async function removingMachines<T>(bench: Bench, action: () => Promise<T>): Promise<T> {
  const removeAll = async () => {
    const names = await bench.store.listMachineNames();
    if (names.length > 0) await bench.product.remove(names);
  };
  // An earlier run may have been killed.
  await removeAll();
  try {
    return await action();
  } finally {
    await removeAll();
  }
}

export async function readKvmMachine(
  { store }: Pick<Bench, "store">,
  name = machineName,
): Promise<KvmMachine> {
  const record = await store.readMachine(name);
  const places = await placesOf({ store, templates: "templates" }, record);
  return placeMachine(parseKvmRecord(record.provider.record), places);
}

/** Empties the data disk of a machine that is stopped, as if it had never been started. */
export async function renewDataDisk(machine: KvmMachine): Promise<void> {
  await rm(pathOf(machine, "dataDisk"));
  await growDataDisk(machine);
}

/** Processor time of the running machine's QEMU so far; undefined where the host cannot tell. */
export async function qemuCpuSeconds({ store, world, signal }: Bench): Promise<number | undefined> {
  const process = await findQemuProcess(await readKvmMachine({ store }), world, signal);
  return process === undefined ? undefined : cpuSecondsOf(process.pid);
}

/** Makes stopped machines, all as the running one was before its first start; returns their names. */
export async function addStoppedMachines(
  { store, signal }: Pick<Bench, "store" | "signal">,
  count: number,
): Promise<string[]> {
  const record = await store.readMachine(machineName);
  const files = await store.readMachineFiles(machineName);
  const limits = { timeoutMs: 10_000, signal };
  const names: string[] = [];
  for (let index = 1; index <= count; index += 1) {
    const name = `${machineName}-${index}`;
    names.push(name);
    const { directory } = store.machineLayout(name);
    const kvm = { ...parseKvmRecord(record.provider.record), name, uuid: randomUUID() };
    await store.withMachineLock(name, limits, async () => {
      const provider = { ...record.provider, record: kvm };
      await store.createMachine({ ...record, name, provider }, files);
      await growDataDisk({ ...kvm, directory });
    });
  }
  return names;
}
