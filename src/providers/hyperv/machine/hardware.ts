import { type HyperVMachine, keyOf, pathOf } from "../record.ts";
import type { HardwareRequest } from "../scripts/hardware.ts";
import type { HyperVWorld } from "../world.ts";

const mebibyte = 1024 * 1024;

/** The least that a machine with dynamic memory goes down to. */
const leastMemoryMiB = 512;

/** The hardware that the record asks for, with its files where they are now. */
export function hardwareOf(machine: HyperVMachine, world: HyperVWorld): HardwareRequest {
  const { name, generation, memoryMiB, hasDynamicMemory, cpuCount, diskSizeMiB, images } = machine;
  const { switchId, switchName, macAddress, vlanId } = machine;
  const { bootIso, engineImage, seedImage } = images;
  return {
    ...{ machine: keyOf(machine), name, generation, switchId, switchName, macAddress, vlanId },
    memoryBytes: memoryMiB * mebibyte,
    leastMemoryBytes: hasDynamicMemory ? Math.min(leastMemoryMiB, memoryMiB) * mebibyte : null,
    processorCount: cpuCount,
    consolePipe: world.consoleAddress(machine.tag),
    diskPath: pathOf(machine, "dataDisk"),
    diskBytes: diskSizeMiB * mebibyte,
    ...{ bootIso, engineImage, seedImage },
  };
}
