import * as z from "zod";
import type { HostResources } from "../../host/resources.ts";
import { fitToHost, type Sized, sizeOptions } from "../machine-size.ts";
import { parseOptions, refusedOption } from "../parse-options.ts";

/** The create options, docker-machine's among them. `flag` follows `--hyperv-`. */
export const hyperVOptionsSchema = z.object({
  ...sizeOptions({ cpuCount: 240, diskMiB: 64 * 1024 * 1024 }),
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

/** Every option with its value. */
export type HyperVOptions = Sized<z.infer<typeof hyperVOptionsSchema>>;

/**
 * The options, completed by what suits this host.
 * @throws TsmachineError INVALID_INPUT that names each bad option by its flag.
 */
export function parseHyperVOptions(input: unknown, host: HostResources): HyperVOptions {
  const given = parseOptions("hyperv", hyperVOptionsSchema, input);
  const options = fitToHost("hyperv", given, host);
  if (options.memoryMiB % 2 !== 0) {
    throw refusedOption("hyperv", "memory", "is odd: Hyper-V takes even numbers of MiB");
  }
  if (options.cpuCount > host.cpuCount) {
    const problem = `this host has only ${host.cpuCount} logical processors`;
    throw refusedOption("hyperv", "cpu-count", problem);
  }
  return options;
}
