import * as z from "zod";
import type { HostResources } from "../host/resources.ts";
import { refusedOption } from "./parse-options.ts";

/** The most that a machine gets unless told otherwise; never over half of this host's memory. */
const defaultMemoryMiB = 2048;
const defaultCpuCount = 2;
const defaultDiskMiB = 20_000;

/** The create options for how large a machine is. `env` is docker-machine's, where it differs. */
export function sizeOptions(limits: {
  readonly cpuCount: number;
  readonly diskMiB: number;
  readonly env?: { readonly memory: string; readonly cpuCount: string };
}) {
  const { env } = limits;
  return {
    memoryMiB: z.coerce
      .number()
      .int()
      .min(256)
      .optional()
      .meta({
        ...{ flag: "memory", valueName: "MiB", ...(env && { env: env.memory }) },
        description: `memory of the machine (default: ${defaultMemoryMiB}, or half of this host's if that is less)`,
      }),
    cpuCount: z.coerce
      .number()
      .int()
      .min(1)
      .max(limits.cpuCount)
      .optional()
      .meta({
        ...{ flag: "cpu-count", valueName: "NUMBER", ...(env && { env: env.cpuCount }) },
        description: `virtual CPUs (default: ${defaultCpuCount}, or as many as this host has)`,
      }),
    diskSizeMiB: z.coerce
      .number()
      .int()
      .min(512)
      .max(limits.diskMiB)
      .default(defaultDiskMiB)
      .meta({
        ...{ flag: "disk-size", valueName: "MiB" },
        description: "size of the data disk; the host gives up space only as it fills",
      }),
  };
}

/** Options with the memory and the processors that a machine has in any case. */
export type Sized<Given> = Omit<Given, "memoryMiB" | "cpuCount"> & {
  readonly memoryMiB: number;
  readonly cpuCount: number;
};

/**
 * The options, completed by what suits this host. Memory that is not asked for is even.
 * @param provider the provider's id, which its flags begin with
 * @throws TsmachineError INVALID_INPUT when this host has less memory
 */
export function fitToHost<
  Given extends { readonly memoryMiB?: number | undefined; readonly cpuCount?: number | undefined },
>(provider: string, given: Given, host: HostResources): Sized<Given> {
  const totalMiB = Math.floor(host.totalMemoryMiB);
  const {
    memoryMiB = Math.min(defaultMemoryMiB, 2 * Math.floor(totalMiB / 4)),
    cpuCount = Math.min(defaultCpuCount, host.cpuCount),
  } = given;
  if (memoryMiB > totalMiB) {
    throw refusedOption(provider, "memory", `this host has only ${totalMiB} MiB of memory`);
  }
  return { ...given, memoryMiB, cpuCount };
}
