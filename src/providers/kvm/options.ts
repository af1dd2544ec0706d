import * as z from "zod";
import type { HostResources } from "../../host/resources.ts";
import { fitToHost, type Sized, sizeOptions } from "../machine-size.ts";
import { parseOptions } from "../parse-options.ts";

/** "auto" chooses by evidence, see preflight/accelerator.ts. */
export const accelSchema = z.enum(["auto", "kvm", "hvf", "whpx", "tcg"]);
export type Accel = z.infer<typeof accelSchema>;

export const bootSchema = z.enum(["direct", "iso", "disk"]);

/** What no machine has more of, wherever its record comes from. */
export const [maxCpuCount, maxDiskMiB, maxMemoryMiB] = [255, 64 * 1024 * 1024, 2 ** 26];

/** The create options. `flag` follows `--kvm-`. */
export const kvmOptionsSchema = z.object({
  ...sizeOptions({ cpuCount: maxCpuCount, diskMiB: maxDiskMiB }),
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
  virtiofsd: z.string().min(1).optional().meta({
    flag: "virtiofsd",
    valueName: "FILE",
    description: "path of the virtiofsd that serves shared folders",
  }),
});

/** Every option with its value. */
export type KvmOptions = Sized<z.infer<typeof kvmOptionsSchema>>;

/**
 * The options, completed by what suits this host.
 * @throws TsmachineError INVALID_INPUT that names each bad option by its flag.
 */
export function parseKvmOptions(input: unknown, host: HostResources): KvmOptions {
  return fitToHost("kvm", parseOptions("kvm", kvmOptionsSchema, input), host);
}
