import { randomBytes, randomUUID } from "node:crypto";
import { stat } from "node:fs/promises";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { unlessMissing } from "../../host/files/files.ts";
import type { Health, MachineSpec, Provider } from "../provider.ts";
import { abandonFolder } from "./abandon.ts";
import type { MachineView } from "./control.ts";
import { foldersFor } from "./folders.ts";
import { openVirtualBoxInstance } from "./instance.ts";
import { choosePorts } from "./machine/start.ts";
import { type Tools, withTools } from "./machine/tools.ts";
import { requireAllowed } from "./network/allowed-networks.ts";
import { parseCidr } from "./network/cidr.ts";
import {
  type HostFolder,
  parseVirtualBoxOptions,
  type VirtualBoxOptions,
  virtualBoxOptionsSchema,
} from "./options.ts";
import { isBelow } from "./paths.ts";
import { checkHost, requireVirtualization } from "./preflight/check.ts";
import { parseVirtualBoxRecord, type VirtualBoxRecord } from "./record.ts";
import { isForeign } from "./webservice/address.ts";
import type { VirtualBoxWorld } from "./world.ts";

/** VirtualBox 6.1 and newer, through VBoxManage or its web service. */
export function createVirtualBoxProvider(world: VirtualBoxWorld): Provider {
  return {
    id: "virtualbox",
    aliases: [],
    capabilities: {
      ownsInstance: true,
      bootsIso: true,
      suspension: true,
      snapshots: true,
      forwards: false,
      dynamicEndpoint: false,
      parallel: true,
      kernelFlavour: "full",
      // VirtualBox manual, "Network Address Translation (NAT)": the gateway is the host. From 7.0 on the host's loopback
      // is behind it only where the card says so, see vboxmanage/arguments.ts.
      hostLoopback: "10.0.2.2",
      guestAddress: "10.0.2.15",
      // VirtualBox's src/VBox/Devices/PC/DevRTC.cpp: its seconds are virtual ones, and a saved state has them. Only what
      // runs in the guest of its Guest Additions, which machines have not, sets that right.
      clockStandsStill: true,
    },
    options: virtualBoxOptionsSchema,
    check: async ({ signal }, options) => {
      const { data } = webServiceSchema.safeParse(options);
      return isForeign(data?.webservice) ? foreign : checkHost(world, signal);
    },
    plan: (spec, input, { signal }) => plan(spec, input, { world, signal }),
    abandon: (directory, { signal }) => abandonFolder(directory, world, signal),
    open: (record, places) => openVirtualBoxInstance(parseVirtualBoxRecord(record), places, world),
  };
}

const webServiceSchema = virtualBoxOptionsSchema.pick({ webservice: true });

/** Whether the service answers shows at once, in `plan`. */
const foreign: Health = { state: "ready", version: "the web service's VirtualBox", notes: [] };

async function plan(
  { name, architecture, directory }: MachineSpec,
  input: unknown,
  { world, signal }: { readonly world: VirtualBoxWorld; readonly signal: AbortSignal },
): Promise<VirtualBoxRecord> {
  const options = parseVirtualBoxOptions(input, await world.readResources());
  if (architecture !== "amd64" || world.architecture !== "amd64") {
    throw new TsmachineError(
      "INVALID_INPUT",
      "VirtualBox machines have a processor of architecture amd64, and so must this host",
      { hints: ["leave --arch out, or choose another provider, such as `--driver kvm`"] },
    );
  }
  const folders = foldersFor(options, world);
  const { webservice = null } = options;
  if (!isForeign(webservice)) await requireSuitableHost(options, folders, world);
  await withTools({ webservice }, { world, signal }, async ({ control }) =>
    requireFreeName({ name, directory }, { control, webservice }),
  );
  return {
    version: 1,
    uuid: randomUUID(),
    name,
    memoryMiB: options.memoryMiB,
    cpuCount: options.cpuCount,
    diskSizeMiB: options.diskSizeMiB,
    uiType: options.uiType,
    nat: {
      type: options.natNicType,
      mac: randomMac(),
      hasDnsProxy: !options.noDnsProxy,
      hasHostResolver: options.hostDnsResolver ?? false,
    },
    hostOnly:
      options.network === "nat"
        ? null
        : {
            network: options.hostOnlyCidr,
            type: options.hostOnlyNicType,
            mac: randomMac(),
            promiscuous: options.hostOnlyNicPromisc,
            hasDhcp: !options.hostOnlyNoDhcp,
            adapter: null,
            address: null,
          },
    folders: [...folders],
    webservice,
    ports: await choosePorts(),
  };
}

/** What VirtualBox on this host would refuse only later. @throws TsmachineError */
async function requireSuitableHost(
  { hostOnlyCidr, network: kind, noVtxCheck }: VirtualBoxOptions,
  folders: readonly HostFolder[],
  world: VirtualBoxWorld,
): Promise<void> {
  const network = parseCidr(hostOnlyCidr);
  if (kind === "hostonly" && network !== undefined) await requireAllowed(network, world);
  if (!noVtxCheck) await requireVirtualization(world);
  await Promise.all(folders.map(requireFolder));
}

/** In the range of VirtualBox's own cards: "08:00:27:…". */
function randomMac(): string {
  return [
    "08",
    "00",
    "27",
    ...[...randomBytes(3)].map((byte) => byte.toString(16).padStart(2, "0")),
  ].join(":");
}

/** @throws TsmachineError INVALID_INPUT */
async function requireFolder({ path }: HostFolder): Promise<void> {
  if ((await unlessMissing(stat(path)))?.isDirectory()) return;
  throw new TsmachineError("INVALID_INPUT", `there is no folder ${path} to share`, {
    hints: ["make it, name another with --virtualbox-share-folder, or give --virtualbox-no-share"],
  });
}

/** VirtualBox allows two machines of one name, and its users could not tell them apart. */
async function requireFreeName(
  { name, directory }: Pick<MachineSpec, "name" | "directory">,
  { control, webservice }: Pick<Tools, "control"> & Pick<VirtualBoxRecord, "webservice">,
): Promise<void> {
  for (const other of await control.listMachines()) {
    if (other.name !== name) continue;
    const view = await control.readMachine(other.uuid);
    if (await isLeftover(view, { directory, webservice })) continue;
    const place = isForeign(webservice) ? " on the host of the web service" : "";
    throw new TsmachineError("INSTANCE_EXISTS", `VirtualBox has another machine named "${name}"`, {
      hints: [
        `choose another name; or, if nobody needs that one, remove it with \`VBoxManage unregistervm ${other.uuid} --delete\`${place}`,
      ],
      context: { uuid: other.uuid },
    });
  }
}

/**
 * Whether core will remove it: it is of the machine's own folder. Of another VirtualBox only a machine
 * whose folder is still there, for it is the record that says how to reach that one.
 */
async function isLeftover(
  view: MachineView | undefined,
  { directory, webservice }: Pick<MachineSpec, "directory"> & Pick<VirtualBoxRecord, "webservice">,
): Promise<boolean> {
  const { settingsFile } = view ?? {};
  if (directory === undefined || settingsFile === undefined) return false;
  if (!isBelow(directory, settingsFile)) return false;
  return !isForeign(webservice) || (await unlessMissing(stat(directory))) !== undefined;
}
