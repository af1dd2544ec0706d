import { resolve } from "node:path";
import * as z from "zod";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { HostResources } from "../../host/resources.ts";
import { cardTypes, frontEnds, promiscuousModes } from "./control.ts";
import { parseCidr } from "./network/cidr.ts";
import { webServiceProblem } from "./webservice/address.ts";

const defaultMemoryMiB = 2048;
const defaultCpuCount = 2;

/** One of 256 addresses in the range that VirtualBox allows everybody. */
const defaultCidr = "192.168.56.1/24";

/** The create options, docker-machine's among them. `flag` follows `--virtualbox-`. */
export const virtualBoxOptionsSchema = z.object({
  memoryMiB: z.coerce
    .number()
    .int()
    .min(256)
    .optional()
    .meta({
      ...{ flag: "memory", valueName: "MiB", env: "VIRTUALBOX_MEMORY_SIZE" },
      description: `memory of the machine (default: ${defaultMemoryMiB}, or half of this host's if that is less)`,
    }),
  cpuCount: z.coerce
    .number()
    .int()
    .min(1)
    .max(64)
    .optional()
    .meta({
      ...{ flag: "cpu-count", valueName: "NUMBER", env: "VIRTUALBOX_CPU_COUNT" },
      description: `virtual CPUs (default: ${defaultCpuCount}, or as many as this host has)`,
    }),
  diskSizeMiB: z.coerce
    .number()
    .int()
    .min(512)
    .max(2 * 1024 * 1024)
    .default(20_000)
    .meta({
      ...{ flag: "disk-size", valueName: "MiB" },
      description: "size of the data disk; the host gives up space only as it fills",
    }),
  uiType: z.enum(frontEnds).default("headless").meta({
    flag: "ui-type",
    description: "the machine's window, if it is to have one",
  }),
  network: z.enum(["hostonly", "nat"]).default("hostonly").meta({
    flag: "network",
    description:
      "how this host reaches the machine: at an address of its own, or through ports of 127.0.0.1 alone",
  }),
  hostOnlyCidr: z
    .string()
    .refine((text) => (parseCidr(text)?.prefixLength ?? 32) <= 29, {
      error: 'is no IPv4 address with the length of a prefix up to 29, such as "192.168.56.1/24"',
    })
    .default(defaultCidr)
    .meta({
      ...{ flag: "hostonly-cidr", valueName: "CIDR", env: "VIRTUALBOX_HOSTONLY_CIDR" },
      description: "this host's address in the host-only network, and its size",
    }),
  hostOnlyNicType: z.enum(cardTypes).default("virtio").meta({
    flag: "hostonly-nictype",
    env: "VIRTUALBOX_HOSTONLY_NIC_TYPE",
    description: "the network card in the host-only network",
  }),
  hostOnlyNicPromisc: z.enum(promiscuousModes).default("deny").meta({
    flag: "hostonly-nicpromisc",
    env: "VIRTUALBOX_HOSTONLY_NIC_PROMISC",
    description: "what of the host-only network's traffic the machine may see",
  }),
  hostOnlyNoDhcp: z.boolean().optional().meta({
    flag: "hostonly-no-dhcp",
    env: "VIRTUALBOX_HOSTONLY_NO_DHCP",
    description:
      "remove the DHCP server that VirtualBox makes with a new adapter; machines need none",
  }),
  natNicType: z.enum(cardTypes).default("virtio").meta({
    flag: "nat-nictype",
    env: "VIRTUALBOX_NAT_NICTYPE",
    description: "the network card that leads to the world",
  }),
  hostDnsResolver: z.boolean().optional().meta({
    flag: "host-dns-resolver",
    env: "VIRTUALBOX_HOST_DNS_RESOLVER",
    description: "resolve names by this host's own resolver",
  }),
  noDnsProxy: z.boolean().optional().meta({
    flag: "no-dns-proxy",
    env: "VIRTUALBOX_NO_DNS_PROXY",
    description: "hand the guest this host's name servers, in place of asking them for it",
  }),
  noVtxCheck: z.boolean().optional().meta({
    flag: "no-vtx-check",
    env: "VIRTUALBOX_NO_VTX_CHECK",
    description: "do not look whether this host's CPU can run machines",
  }),
  shareFolder: z
    .array(z.string())
    .optional()
    .meta({
      ...{ flag: "share-folder", valueName: "FOLDER:NAME", env: "VIRTUALBOX_SHARE_FOLDER" },
      description:
        "share this folder of the host in place of the home folder; the machine has it as /NAME; repeatable",
    }),
  noShare: z.boolean().optional().meta({
    flag: "no-share",
    env: "VIRTUALBOX_NO_SHARE",
    description: "share no folder",
  }),
  webservice: z
    .string()
    .superRefine((text, context) => {
      const problem = webServiceProblem(text);
      if (problem !== undefined) context.addIssue(problem);
    })
    .optional()
    .meta({
      ...{ flag: "webservice", valueName: "URL|own", env: "VIRTUALBOX_WEBSERVICE" },
      description:
        "reach VirtualBox through this web service of another one, or through one of tsmachine's own, in place of VBoxManage",
    }),
});

type GivenOptions = z.infer<typeof virtualBoxOptionsSchema>;

/** Every option with its value. */
export type VirtualBoxOptions = Omit<GivenOptions, "memoryMiB" | "cpuCount"> & {
  readonly memoryMiB: number;
  readonly cpuCount: number;
};

/**
 * The options, completed by what suits this host.
 * @throws TsmachineError INVALID_INPUT that names the bad option by its flag.
 */
export function parseVirtualBoxOptions(input: unknown, host: HostResources): VirtualBoxOptions {
  const result = virtualBoxOptionsSchema.safeParse(input ?? {});
  if (!result.success) throw invalid(result.error);
  const totalMiB = Math.floor(host.totalMemoryMiB);
  const {
    memoryMiB = Math.min(defaultMemoryMiB, Math.floor(totalMiB / 2)),
    cpuCount = Math.min(defaultCpuCount, host.cpuCount),
  } = result.data;
  if (memoryMiB > totalMiB) {
    throw refused("memory", `this host has only ${totalMiB} MiB of memory`);
  }
  const { noShare, shareFolder } = result.data;
  if (noShare && shareFolder !== undefined) {
    throw refused("no-share", "folders to share are given too");
  }
  return { ...result.data, memoryMiB, cpuCount };
}

function invalid(error: z.ZodError): TsmachineError {
  const [issue] = error.issues;
  const field = z.enum(Object.keys(virtualBoxOptionsSchema.shape)).safeParse(issue?.path[0]);
  const flag = field.success
    ? virtualBoxOptionsSchema.shape[field.data as keyof GivenOptions].meta()?.flag
    : undefined;
  return refused(flag ?? "…", issue?.message ?? "is invalid");
}

function refused(flag: string, problem: string): TsmachineError {
  return new TsmachineError("INVALID_INPUT", `--virtualbox-${flag}: ${problem}`, {
    hints: [`give another value with --virtualbox-${flag}, or leave it out`],
  });
}

export interface HostFolder {
  readonly tag: string;
  /** Absolute, on this host. */
  readonly path: string;
  /** In the guest. */
  readonly mountPoint: string;
}

/**
 * Reads docker-machine's "FOLDER:NAME": the last colon parts them, as a drive of Windows has one too.
 * @throws TsmachineError INVALID_INPUT
 */
export function parseShareFolder(text: string): HostFolder {
  const [, folder, name] = /^(.+):([^:/\\\s][^:\\\s]*)$/.exec(text) ?? [];
  if (folder === undefined || name === undefined) {
    throw refused("share-folder", `"${text}" is not FOLDER:NAME`);
  }
  return { tag: name.replaceAll("/", "-"), path: resolve(folder), mountPoint: `/${name}` };
}
