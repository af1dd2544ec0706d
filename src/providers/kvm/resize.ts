import { stat } from "node:fs/promises";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { unlessMissing } from "../../host/files/files.ts";
import type { Operation, Sizes } from "../provider.ts";
import { growDataDisk } from "./disk.ts";
import { askQemu } from "./process/ask-qemu.ts";
import { dataDiskNode } from "./process/qemu-arguments.ts";
import { findQemuProcess } from "./process/qemu-process.ts";
import { type KvmMachine, type KvmRecord, pathOf } from "./record.ts";
import type { KvmWorld } from "./world.ts";

export function sizesOf({ memoryMiB, cpuCount, diskSizeMiB }: Sizes): Sizes {
  return { memoryMiB, cpuCount, diskSizeMiB };
}

/**
 * The sizes that the machine is to have. Its disk has grown when this returns.
 * @throws TsmachineError INVALID_INPUT, DISK_FULL, QMP_FAILED
 */
export async function resizeInstance(
  machine: KvmMachine,
  { world, wanted }: { readonly world: KvmWorld; readonly wanted: Partial<Sizes> },
  { signal }: Operation,
): Promise<Pick<KvmRecord, keyof Sizes>> {
  const sizes = { ...sizesOf(machine), ...wanted };
  const { memoryMiB, diskSizeMiB } = sizes;
  const { totalMemoryMiB } = await world.readResources();
  if (memoryMiB > totalMemoryMiB) throw tooMuch(machine, Math.floor(totalMemoryMiB));
  const isMiB = await diskSizeOf(machine);
  if (diskSizeMiB < isMiB) throw smaller(machine, { isMiB, wantedMiB: diskSizeMiB });
  if (diskSizeMiB === isMiB) return sizes;
  if ((await findQemuProcess(machine, world, signal)) === undefined) {
    await growDataDisk({ ...machine, diskSizeMiB });
  } else {
    await askQemu(machine, { world, signal }, (qmp) =>
      qmp.execute("block_resize", { "node-name": dataDiskNode, size: diskSizeMiB * 2 ** 20 }),
    );
  }
  return sizes;
}

function tooMuch({ name }: KvmMachine, totalMiB: number): TsmachineError {
  return new TsmachineError(
    "INVALID_INPUT",
    `machine "${name}" cannot have so much: this host has only ${totalMiB} MiB of memory`,
    { hints: [`give it ${totalMiB} MiB at most`] },
  );
}

/** It may be larger than the record says, after a command that was killed before it wrote that down. */
async function diskSizeOf(machine: KvmMachine): Promise<number> {
  const status = await unlessMissing(stat(pathOf(machine, "dataDisk")));
  return Math.max(machine.diskSizeMiB, Math.ceil((status?.size ?? 0) / 2 ** 20));
}

function smaller(
  { name }: KvmMachine,
  { isMiB, wantedMiB }: { readonly isMiB: number; readonly wantedMiB: number },
): TsmachineError {
  return new TsmachineError(
    "INVALID_INPUT",
    `the disk of machine "${name}" has ${isMiB} MiB and cannot become smaller (${wantedMiB} MiB)`,
    { hints: ["what is free in it takes no space on this host; remove what is not needed in it"] },
  );
}
