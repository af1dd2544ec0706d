import { z } from "zod";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { KvmWorld } from "./world.ts";

/** "auto" chooses by evidence, see preflight/accelerator.ts. */
export const accelSchema = z.enum(["auto", "kvm", "hvf", "whpx", "tcg"]);
export type Accel = z.infer<typeof accelSchema>;

export const bootSchema = z.enum(["direct", "iso"]);

/** The create options, whose defaults and limits depend on the host. `flag` follows `--kvm-`. */
export function kvmOptionsSchema(host: Pick<KvmWorld, "totalMemoryMiB" | "cpuCount">) {
  const total = Math.floor(host.totalMemoryMiB);
  return z.object({
    memoryMiB: z.coerce
      .number()
      .int()
      .min(256)
      .max(total, `this host has only ${total} MiB of memory`)
      .default(Math.min(2048, Math.floor(total / 2)))
      .meta({ flag: "memory", description: "memory of the machine in MiB" }),
    cpuCount: z.coerce
      .number()
      .int()
      .min(1)
      .max(255)
      .default(Math.min(2, host.cpuCount))
      .meta({ flag: "cpu-count", description: "number of virtual CPUs" }),
    diskSizeMiB: z.coerce
      .number()
      .int()
      .min(512)
      .max(64 * 1024 * 1024)
      .default(20_000)
      .meta({
        flag: "disk-size",
        description: "size of the data disk in MiB; the host gives up space only as it fills",
      }),
    accel: accelSchema
      .default("auto")
      .meta({ flag: "accel", description: "accelerator to use, whatever this host offers" }),
    boot: bootSchema.default("direct").meta({
      flag: "boot",
      description: "boot the kernel directly, or the boot ISO through the firmware",
    }),
    program: z
      .string()
      .min(1)
      .optional()
      .meta({ flag: "program", description: "path of the QEMU program" }),
    firmware: z.string().min(1).optional().meta({
      flag: "firmware",
      description: "path of a firmware image, such as OVMF.fd, in place of QEMU's own",
    }),
  });
}

export type KvmOptions = z.infer<ReturnType<typeof kvmOptionsSchema>>;

/** @throws TsmachineError INVALID_INPUT that names each bad option by its flag. */
export function parseKvmOptions(
  schema: ReturnType<typeof kvmOptionsSchema>,
  input: unknown,
): KvmOptions {
  const result = schema.safeParse(input ?? {});
  if (result.success) return result.data;
  const flags = new Map(
    Object.entries(schema.shape).map(([key, field]) => [key, `--kvm-${field.meta()?.flag}`]),
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
