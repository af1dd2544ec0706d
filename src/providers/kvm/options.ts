import * as z from "zod";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { HostResources } from "../../host/resources.ts";

/** "auto" chooses by evidence, see preflight/accelerator.ts. */
export const accelSchema = z.enum(["auto", "kvm", "hvf", "whpx", "tcg"]);
export type Accel = z.infer<typeof accelSchema>;

export const bootSchema = z.enum(["direct", "iso", "disk"]);

/** The most that a machine gets unless told otherwise; never over half of this host's memory. */
const defaultMemoryMiB = 2048;
const defaultCpuCount = 2;

/** The create options. `flag` follows `--kvm-`. */
export const kvmOptionsSchema = z.object({
  memoryMiB: z.coerce
    .number()
    .int()
    .min(256)
    .optional()
    .meta({
      flag: "memory",
      valueName: "MiB",
      description: `memory of the machine (default: ${defaultMemoryMiB}, or half of this host's if that is less)`,
    }),
  cpuCount: z.coerce
    .number()
    .int()
    .min(1)
    .max(255)
    .optional()
    .meta({
      flag: "cpu-count",
      valueName: "NUMBER",
      description: `virtual CPUs (default: ${defaultCpuCount}, or as many as this host has)`,
    }),
  diskSizeMiB: z.coerce
    .number()
    .int()
    .min(512)
    .max(64 * 1024 * 1024)
    .default(20_000)
    .meta({
      flag: "disk-size",
      valueName: "MiB",
      description: "size of the data disk; the host gives up space only as it fills",
    }),
  accel: accelSchema
    .default("auto")
    .meta({ flag: "accel", description: "accelerator to use, whatever this host offers" }),
  boot: bootSchema.default("direct").meta({
    flag: "boot",
    description:
      "boot the kernel directly, or the boot ISO through the firmware: as a CD-ROM, or as a disk that it was written to",
  }),
  program: z
    .string()
    .min(1)
    .optional()
    .meta({ flag: "program", valueName: "FILE", description: "path of the QEMU program" }),
  firmware: z.string().min(1).optional().meta({
    flag: "firmware",
    description: `"uefi" for this host's UEFI firmware, or the path of a firmware image, in place of QEMU's own`,
  }),
});

type GivenOptions = z.infer<typeof kvmOptionsSchema>;

/** Every option with its value. */
export type KvmOptions = Omit<GivenOptions, "memoryMiB" | "cpuCount"> & {
  readonly memoryMiB: number;
  readonly cpuCount: number;
};

/**
 * The options, completed by what suits this host.
 * @throws TsmachineError INVALID_INPUT that names each bad option by its flag.
 */
export function parseKvmOptions(input: unknown, host: HostResources): KvmOptions {
  const options = parseGiven(input);
  const totalMiB = Math.floor(host.totalMemoryMiB);
  const {
    memoryMiB = Math.min(defaultMemoryMiB, Math.floor(totalMiB / 2)),
    cpuCount = Math.min(defaultCpuCount, host.cpuCount),
  } = options;
  if (memoryMiB > totalMiB) {
    throw new TsmachineError(
      "INVALID_INPUT",
      `--kvm-memory: this host has only ${totalMiB} MiB of memory`,
      { hints: ["give another value with --kvm-memory"] },
    );
  }
  return { ...options, memoryMiB, cpuCount };
}

function parseGiven(input: unknown): GivenOptions {
  const result = kvmOptionsSchema.safeParse(input ?? {});
  if (result.success) return result.data;
  const flags = new Map(
    Object.entries(kvmOptionsSchema.shape).map(([key, field]) => [
      key,
      `--kvm-${field.meta()?.flag}`,
    ]),
  );
  const problems = result.error.issues.map((issue) => {
    const key = String(issue.path[0] ?? "");
    return { flag: flags.get(key) ?? "options of kvm", message: issue.message };
  });
  throw new TsmachineError(
    "INVALID_INPUT",
    problems.map(({ flag, message }) => `${flag}: ${message}`).join("; "),
    { hints: problems.map(({ flag }) => `give another value with ${flag}`) },
  );
}
