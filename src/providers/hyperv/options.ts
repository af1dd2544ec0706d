import * as z from "zod";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { HostResources } from "../../host/resources.ts";

const defaultMemoryMiB = 2048;
const defaultCpuCount = 2;

/** The create options, docker-machine's among them. `flag` follows `--hyperv-`. */
export const hyperVOptionsSchema = z.object({
  memoryMiB: z.coerce
    .number()
    .int()
    .min(256)
    .multipleOf(2, { error: "is odd: Hyper-V takes even numbers of MiB" })
    .optional()
    .meta({
      ...{ flag: "memory", valueName: "MiB" },
      description: `memory of the machine (default: ${defaultMemoryMiB}, or half of this host's if that is less)`,
    }),
  cpuCount: z.coerce
    .number()
    .int()
    .min(1)
    .max(240)
    .optional()
    .meta({
      ...{ flag: "cpu-count", valueName: "NUMBER" },
      description: `virtual CPUs (default: ${defaultCpuCount}, or as many as this host has)`,
    }),
  diskSizeMiB: z.coerce
    .number()
    .int()
    .min(512)
    .max(64 * 1024 * 1024)
    .default(20_000)
    .meta({
      ...{ flag: "disk-size", valueName: "MiB" },
      description: "size of the data disk; the host gives up space only as it fills",
    }),
  generation: z.coerce
    .number()
    .pipe(z.union([z.literal(1), z.literal(2)], { error: "is neither 1 nor 2" }))
    .default(2)
    .meta({
      ...{ flag: "generation", valueName: "1|2" },
      description: "the machine's firmware: 1 for a BIOS, 2 for UEFI",
    }),
  virtualSwitch: z
    .string()
    .min(1)
    .optional()
    .meta({
      ...{ flag: "virtual-switch", valueName: "SWITCH" },
      description:
        "the switch that the machine is on (default: an external one, or else the Default Switch)",
    }),
  staticMacAddress: z
    .string()
    .regex(/^([0-9a-f]{2}[:-]?){5}[0-9a-f]{2}$/i, {
      error: 'is no MAC address such as "00:15:5d:38:01:02"',
    })
    .optional()
    .meta({
      ...{ flag: "static-macaddress", valueName: "MAC" },
      description: "the network card's address, in place of one that Hyper-V chooses",
    }),
  vlanId: z.coerce
    .number()
    .int()
    .min(0)
    .max(4094)
    .optional()
    .meta({
      ...{ flag: "vlan-id", valueName: "NUMBER" },
      description: "the VLAN that the machine is in; 0 for none",
    }),
  disableDynamicMemory: z.boolean().optional().meta({
    flag: "disable-dynamic-memory",
    description: "give the machine all its memory at its start",
  }),
});

type GivenOptions = z.infer<typeof hyperVOptionsSchema>;

/** Every option with its value. */
export type HyperVOptions = Omit<GivenOptions, "memoryMiB" | "cpuCount"> & {
  readonly memoryMiB: number;
  readonly cpuCount: number;
};

/**
 * The options, completed by what suits this host.
 * @throws TsmachineError INVALID_INPUT that names the bad option by its flag.
 */
export function parseHyperVOptions(input: unknown, host: HostResources): HyperVOptions {
  const result = hyperVOptionsSchema.safeParse(input ?? {});
  if (!result.success) throw invalid(result.error);
  const totalMiB = Math.floor(host.totalMemoryMiB);
  const {
    memoryMiB = Math.min(defaultMemoryMiB, 2 * Math.floor(totalMiB / 4)),
    cpuCount = Math.min(defaultCpuCount, host.cpuCount),
  } = result.data;
  if (memoryMiB > totalMiB) {
    throw refusedOption("memory", `this host has only ${totalMiB} MiB of memory`);
  }
  if (cpuCount > host.cpuCount) {
    throw refusedOption("cpu-count", `this host has only ${host.cpuCount} logical processors`);
  }
  return { ...result.data, memoryMiB, cpuCount };
}

function invalid(error: z.ZodError): TsmachineError {
  const [issue] = error.issues;
  const key = String(issue?.path[0] ?? "");
  const field = Object.entries(hyperVOptionsSchema.shape).find(([name]) => name === key)?.[1];
  return refusedOption(field?.meta()?.flag ?? "…", issue?.message ?? "is invalid");
}

export function refusedOption(flag: string, problem: string): TsmachineError {
  return new TsmachineError("INVALID_INPUT", `--hyperv-${flag}: ${problem}`, {
    hints: [`give another value with --hyperv-${flag}, or leave it out`],
  });
}
