import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import type { Tools } from "../machine/tools.ts";
import type { HostOnly, VirtualBoxRecord } from "../record.ts";
import { withSharedLock } from "../shared-lock.ts";
import { findOrMakeAdapter, type KeptAdapter, removeUnusedAdapter } from "./adapter.ts";
import { boundsOf, formatCidr, type Network, parseCidr, toNumber } from "./cidr.ts";
import { freeAddress } from "./free-address.ts";
import { addressesIn, addressKey } from "./notes.ts";

/** A place in a host-only network. */
export interface Claim {
  readonly adapter: string;
  readonly address: string;
}

type Claimant = Pick<VirtualBoxRecord, "uuid" | "hostOnly">;

/**
 * The machine's adapter and address. What it has once got it keeps; an adapter that is gone is made
 * again. Undefined for a machine without a host-only card. The machine must be registered.
 * @throws TsmachineError ADDRESS_UNAVAILABLE
 */
export async function claimAddress(
  { uuid, hostOnly }: Claimant,
  tools: Tools,
): Promise<Claim | undefined> {
  if (hostOnly === null) return undefined;
  const network = networkOf(hostOnly);
  return withSharedLock(tools, async () => {
    const adapter = await findOrMakeAdapter(network, hostOnly, tools);
    const address = hostOnly.address ?? (await chooseAddress(uuid, network, tools));
    await noteAddress(address, uuid, tools);
    return { adapter, address };
  });
}

/** Gives the address back, and the adapter, see removeUnusedAdapter. */
export async function releaseAddress(
  { uuid, hostOnly }: Claimant,
  tools: Tools,
): Promise<KeptAdapter | undefined> {
  if (hostOnly === null) return undefined;
  const { control } = tools;
  return withSharedLock(tools, async () => {
    for (const [address, holder] of addressesIn(await control.readNotes())) {
      if (holder === uuid) await control.writeNote(addressKey(address), undefined);
    }
    return removeUnusedAdapter(networkOf(hostOnly), tools);
  });
}

/** The one that an interrupted `create` has noted, else the lowest that is free. */
async function chooseAddress(uuid: string, network: Network, tools: Tools): Promise<string> {
  const { control } = tools;
  const holders = addressesIn(await control.readNotes());
  const [first, last] = boundsOf(network);
  const own = [...holders].find(([address, holder]) => {
    const number = toNumber(address);
    return holder === uuid && first <= number && number <= last;
  });
  if (own !== undefined) return own[0];
  // A note about a machine that VirtualBox does not know is of one that was removed by other means.
  const known = new Set((await control.listMachines()).map((machine) => machine.uuid));
  const taken = [...holders].flatMap(([address, holder]) => (known.has(holder) ? [address] : []));
  const servers = await control.listDhcpServers();
  const isAnswering = answeringIn(network, tools);
  for (;;) {
    const address = freeAddress(network, taken, servers);
    if (address === undefined) break;
    if (!(await isAnswering(address))) return address;
    taken.push(address);
  }
  throw new TsmachineError(
    "ADDRESS_UNAVAILABLE",
    `no address is free in the host-only network ${formatCidr(network)}`,
    { hints: ["give another network with --virtualbox-hostonly-cidr"] },
  );
}

/**
 * Machines of other users of this host are on the same adapter, and have notes of their own. Where the host is not
 * in the network, somebody else would answer for it.
 */
function answeringIn(
  network: Network,
  { world, signal }: Tools,
): (address: string) => Promise<boolean> {
  const isThere = world.readInterfaces().some(({ cidr }) => cidr === formatCidr(network));
  return isThere ? (address) => world.isAnswering(address, signal) : async () => false;
}

/** @throws TsmachineError ADDRESS_UNAVAILABLE when another machine has got it meanwhile. */
async function noteAddress(address: string, uuid: string, { control }: Tools): Promise<void> {
  const holder = addressesIn(await control.readNotes()).get(address);
  if (holder === uuid) return;
  if (holder !== undefined && (await control.readMachine(holder)) !== undefined) {
    throw new TsmachineError(
      "ADDRESS_UNAVAILABLE",
      `address ${address} belongs to another machine in VirtualBox, ${holder}`,
      { hints: ["remove one of the two machines, then create it again"] },
    );
  }
  await control.writeNote(addressKey(address), uuid);
}

function networkOf({ network }: HostOnly): Network {
  const parsed = parseCidr(network);
  if (parsed === undefined) throw new Error(`the record has no network: ${network}`);
  return parsed;
}
