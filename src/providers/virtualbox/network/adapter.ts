import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import type { Control, HostOnlyAdapter } from "../control.ts";
import type { Tools } from "../machine/tools.ts";
import type { HostOnly } from "../record.ts";
import { findUser } from "./adapter-user.ts";
import { formatCidr, type Network, overlap, parseCidr } from "./cidr.ts";
import { removeDhcpServerOf } from "./dhcp-servers.ts";
import { makeAdapter, removeUnnoted } from "./make-adapter.ts";
import { adapterKey, adaptersIn, dhcpAdaptersIn, dhcpKey } from "./notes.ts";

/**
 * The name of the adapter by which this host is in the network, which is made where there is none. To
 * be called under the shared lock, so that two commands never make two.
 * @throws TsmachineError ADDRESS_UNAVAILABLE when another of this host's interfaces is in that network.
 */
export async function findOrMakeAdapter(
  network: Network,
  { hasDhcp }: Pick<HostOnly, "hasDhcp">,
  tools: Tools,
): Promise<string> {
  const { control, world } = tools;
  await tidyNotes(tools);
  const adapters = await control.listAdapters();
  const found = adapters.find((one) => formatCidr(one) === formatCidr(network));
  if (found !== undefined) {
    // After a restart of this host VirtualBox knows the address, and the system does not.
    const isUp = world.readInterfaces().some(({ cidr }) => cidr === formatCidr(network));
    if (!isUp) await control.configureAdapter(found.name, network);
    return found.name;
  }
  const noted = await findNoted(network, control);
  const rival = findRival(network, { adapters, interfaces: world.readInterfaces(), noted });
  if (rival !== undefined) throw inUse(network, rival);
  if (noted !== undefined) {
    await control.configureAdapter(noted, network);
    return noted;
  }
  return makeAdapter(network, { hasDhcp }, tools);
}

/**
 * Removes the network's adapter if tsmachine has made it and no machine is on it, also when it has lost its address, and
 * the DHCP server that came with it; one that was there before stays. Which machines other users have on it nobody knows: it stays as long as VirtualBox runs for one of them.
 * @returns the machine that VirtualBox cannot read, where one keeps the adapter, and the adapter's name
 */
export async function removeUnusedAdapter(
  network: Network,
  tools: Tools,
): Promise<KeptAdapter | undefined> {
  const { control, world } = tools;
  await tidyNotes(tools);
  const name = await findNoted(network, control);
  if (name === undefined) return undefined;
  const user = await findUser(name, control);
  if (user !== undefined) return user.isReadable ? undefined : { name, uuid: user.uuid };
  if (await world.isUsedByOthers()) return undefined;
  await control.removeAdapter(name);
  await forget(name, control);
  return undefined;
}

/** Of an adapter that is gone, the DHCP server that came with it, too; that of another is left. */
async function forget(adapter: string, control: Control): Promise<void> {
  if ((await control.readNotes()).has(dhcpKey(adapter))) {
    await removeDhcpServerOf(adapter, control);
    await control.writeNote(dhcpKey(adapter), undefined);
  }
  await control.writeNote(adapterKey(adapter), undefined);
}

/** An adapter that nobody may use, and the machine that it stays for. */
export interface KeptAdapter {
  readonly name: string;
  readonly uuid: string;
}

/**
 * Who removes an adapter of tsmachine's by hand, and makes one, gets the same name for it. An adapter whose DHCP server
 * alone is noted is none of tsmachine's: a command was killed between the notes, and the adapter has been left.
 */
async function tidyNotes(tools: Tools): Promise<void> {
  const { control } = tools;
  await removeUnnoted(tools);
  const names = await control.listAdapterNames();
  const notes = await control.readNotes();
  for (const name of new Set([...adaptersIn(notes).keys(), ...dhcpAdaptersIn(notes)])) {
    if (!names.includes(name)) await forget(name, control);
    else if (!notes.has(adapterKey(name))) await control.writeNote(dhcpKey(name), undefined);
  }
}

/** The adapter that tsmachine has made for the network. It may have lost its address, as at a restart of this host. */
async function findNoted(network: Network, control: Control): Promise<string | undefined> {
  const names = await control.listAdapterNames();
  const notes = adaptersIn(await control.readNotes());
  return names.find((name) => notes.get(name) === formatCidr(network));
}

interface Neighbours {
  readonly adapters: readonly HostOnlyAdapter[];
  readonly interfaces: readonly { readonly name: string; readonly cidr: string }[];
  readonly noted: string | undefined;
}

/** The name of another interface that is in the network; Windows has other names than VirtualBox. */
function findRival(
  network: Network,
  { adapters, interfaces, noted }: Neighbours,
): string | undefined {
  const isRival = ({ name, cidr }: Neighbours["interfaces"][number]) => {
    const isNoted = noted !== undefined && (name === noted || cidr === formatCidr(network));
    const other = parseCidr(cidr);
    return !isNoted && other !== undefined && overlap(other, network);
  };
  const listed = adapters.map((one) => ({ name: one.name, cidr: formatCidr(one) }));
  return [...listed, ...interfaces].find(isRival)?.name;
}

function inUse(network: Network, name: string): TsmachineError {
  return new TsmachineError(
    "ADDRESS_UNAVAILABLE",
    `the host-only network ${formatCidr(network)} overlaps that of this host's interface ${name}`,
    { hints: ["give another network with --virtualbox-hostonly-cidr, such as 192.168.57.1/24"] },
  );
}
