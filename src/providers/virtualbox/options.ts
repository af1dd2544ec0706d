import { posix, resolve } from "node:path";
import * as z from "zod";
import { problemOfPlace } from "../../host/guest-places.ts";
import type { HostResources } from "../../host/resources.ts";
import { fitToHost, type Sized, sizeOptions } from "../machine-size.ts";
import { parseOptions, refusedOption } from "../parse-options.ts";
import { cardTypes, frontEnds, promiscuousModes } from "./control.ts";
import { boundsOf, parseCidr, toNumber } from "./network/cidr.ts";
import { webServiceProblem } from "./webservice/address.ts";

/** One of 256 addresses in the range that VirtualBox allows everybody. */
const defaultCidr = "192.168.56.1/24";

/** The largest private network is 10.0.0.0/8 (RFC 1918); of the smallest here five machines have addresses. */
const [shortestPrefix, longestPrefix] = [8, 29];

const maxCpuCount = 64;
const sizes = sizeOptions({
  ...{ cpuCount: maxCpuCount, diskMiB: 2 * 1024 * 1024 },
  env: { memory: "VIRTUALBOX_MEMORY_SIZE", cpuCount: "VIRTUALBOX_CPU_COUNT" },
});

/** docker-machine's word for all that this host has. */
const allCpus = -1;

/** The create options, docker-machine's among them. `flag` follows `--virtualbox-`. */
export const virtualBoxOptionsSchema = z.object({
  ...sizes,
  cpuCount: z.coerce
    .number()
    .int()
    .min(allCpus)
    .max(maxCpuCount)
    .refine((count) => count !== 0, { error: `is a number from 1 to ${maxCpuCount}, or -1` })
    .optional()
    .meta({
      ...{ flag: "cpu-count", valueName: "NUMBER", env: "VIRTUALBOX_CPU_COUNT" },
      description: "virtual CPUs; -1 for all of this host's (default: 2, or as many as it has)",
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
    .refine(isHostAddress, {
      error: `is no IPv4 address of a host with the length of a prefix from ${shortestPrefix} to ${longestPrefix}, such as "192.168.56.1/24"`,
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

/** Neither the network's own address nor that of all its hosts. */
function isHostAddress(text: string): boolean {
  const network = parseCidr(text);
  if (network === undefined) return false;
  const { address, prefixLength } = network;
  if (prefixLength < shortestPrefix || prefixLength > longestPrefix) return false;
  const [first, last] = boundsOf(network);
  return first < toNumber(address) && toNumber(address) < last;
}

/** Every option with its value. */
export type VirtualBoxOptions = Sized<z.infer<typeof virtualBoxOptionsSchema>>;

/**
 * The options, completed by what suits this host.
 * @throws TsmachineError INVALID_INPUT that names each bad option by its flag.
 */
export function parseVirtualBoxOptions(input: unknown, host: HostResources): VirtualBoxOptions {
  const options = parseOptions("virtualbox", virtualBoxOptionsSchema, input);
  if (options.noShare && options.shareFolder !== undefined) {
    throw refusedOption("virtualbox", "no-share", "folders to share are given too");
  }
  const all = Math.min(host.cpuCount, maxCpuCount);
  const cpuCount = options.cpuCount === allCpus ? all : options.cpuCount;
  return fitToHost("virtualbox", { ...options, cpuCount }, host);
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
    throw refusedOption("virtualbox", "share-folder", `"${text}" is not FOLDER:NAME`);
  }
  const mountPoint = posix.normalize(`/${name}`).replace(/(.)\/$/, "$1");
  const problem = problemOfPlace(mountPoint);
  if (problem !== undefined) {
    throw refusedOption("virtualbox", "share-folder", `"${text}" ${problem}`);
  }
  return { tag: mountPoint.slice(1).replaceAll("/", "-"), path: resolve(folder), mountPoint };
}
