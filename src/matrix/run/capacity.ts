import type { HostResources } from "../../host/resources.ts";
import type { Axes } from "../definition/axes.ts";

/** What a machine of the matrix gets unless its axes say otherwise. */
const standardSize = { memoryMiB: 1024, cpuCount: 1 };
/** What a hypervisor needs for a machine beside its memory. */
const overheadMiB = 160;
/** What tsmachine itself may need while it makes images. */
const ownMemoryMiB = 1024;
/** Of the memory that is available: the host goes on to be used. */
const usableMemory = 0.8;

export function sizeOf({ memoryMiB, cpus }: Axes): { memoryMiB: number; cpuCount: number } {
  return {
    memoryMiB: memoryMiB ?? standardSize.memoryMiB,
    cpuCount: cpus ?? standardSize.cpuCount,
  };
}

/** How many machines of the largest of these sizes the host bears at once; at least one. */
export function jobsThatFit(cells: readonly Axes[], host: HostResources): number {
  const { memoryMiB, cpuCount } = largestOf(cells);
  const byMemory = Math.floor((host.availableMemoryMiB * usableMemory) / memoryMiB);
  const byProcessors = Math.floor(host.cpuCount / cpuCount);
  return Math.max(1, Math.min(byMemory, byProcessors));
}

/** What a host must have to spare for that many of the largest of these machines at once, and for tsmachine. */
export function sizeOfRun(
  cells: readonly Axes[],
  jobs: number,
): { memoryMiB: number; cpuCount: number } {
  const { memoryMiB, cpuCount } = largestOf(cells);
  return { memoryMiB: jobs * memoryMiB + ownMemoryMiB, cpuCount: jobs * cpuCount };
}

/** The most memory, with the hypervisor's own, and the most processors that one of these machines has. */
function largestOf(cells: readonly Axes[]): { memoryMiB: number; cpuCount: number } {
  const sizes = cells.map(sizeOf);
  return {
    memoryMiB: Math.max(...sizes.map((size) => size.memoryMiB)) + overheadMiB,
    cpuCount: Math.max(...sizes.map((size) => size.cpuCount)),
  };
}
