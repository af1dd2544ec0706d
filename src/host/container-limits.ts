import { availableParallelism } from "node:os";
import { join } from "node:path";
import { availableMemory, constrainedMemory } from "node:process";
import { readTextIfPresent } from "./files/files.ts";
import type { HostResources } from "./resources.ts";

/** What a container lets its processes have of the host, as far as it limits that. */
export interface ContainerLimits {
  /** Bytes: 0 or more than the host has without a limit. */
  readonly memory: number;
  /** Bytes that are left of it. */
  readonly availableMemory: number;
  /** Processors, those that the scheduler allows and those that the quota pays for. */
  readonly cpuCount: number;
}

const mebibyte = 2 ** 20;

/** @param controlGroups where version 2 of Linux' control groups is mounted, if it is */
export async function readContainerLimits(
  controlGroups = "/sys/fs/cgroup",
): Promise<ContainerLimits> {
  return {
    memory: constrainedMemory(),
    availableMemory: availableMemory(),
    cpuCount: Math.min(availableParallelism(), await readQuota(controlGroups)),
  };
}

/** The resources within the limits; a host's own reckoning of its memory counts where there is none. */
export function withinLimits(host: HostResources, limits: ContainerLimits): HostResources {
  const limitMiB = limits.memory / mebibyte;
  const isLimited = limitMiB > 0 && limitMiB < host.totalMemoryMiB;
  return {
    ...host,
    ...(isLimited && {
      totalMemoryMiB: limitMiB,
      availableMemoryMiB: Math.min(host.availableMemoryMiB, limits.availableMemory / mebibyte),
    }),
    cpuCount: Math.min(host.cpuCount, limits.cpuCount),
  };
}

/** In a container its own group is the root. The file has "max 100000", or as "150000 100000" one and a half processors. */
async function readQuota(controlGroups: string): Promise<number> {
  const text = (await readTextIfPresent(join(controlGroups, "cpu.max"))) ?? "";
  const [, quota, period] = /^(\d+) (\d+)/.exec(text) ?? [];
  if (quota === undefined || period === undefined) return Number.POSITIVE_INFINITY;
  return Math.max(1, Math.floor(Number(quota) / Number(period)));
}
