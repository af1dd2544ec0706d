import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import type { Tools } from "../machine/tools.ts";
import type { HostOnly } from "../record.ts";
import { formatCidr, type Network, overlap, parseCidr } from "./cidr.ts";
import { makeAdapter, removeUnnoted } from "./make-adapter.ts";
import { adapterKey } from "./notes.ts";
import { dhcpNetworkOf, mayBeUsed, removeAdapter } from "./remove-adapter.ts";

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
  await removeUnnoted(tools);
  const adapters = await control.listAdapters();
  const found = adapters.find((one) => formatCidr(one) === formatCidr(network));
  if (found !== undefined) {
    // After a restart of this host VirtualBox knows the address, and the system does not.
    const isUp = world.readInterfaces().some(({ cidr }) => cidr === formatCidr(network));
    if (!isUp) await control.configureAdapter(found.name, network);
    return found.name;
  }
  const rival =
    adapters.find((one) => overlap(one, network)) ??
    world.readInterfaces().find(({ cidr }) => {
      const other = parseCidr(cidr);
      return other !== undefined && overlap(other, network);
    });
  if (rival !== undefined) throw inUse(network, rival.name);
  const name = await makeAdapter(network, tools);
  const server = (await control.listDhcpServers()).find(
    (one) => one.network === dhcpNetworkOf(name),
  );
  if (!hasDhcp && server !== undefined) await control.removeDhcpServer(server.network);
  return name;
}

/**
 * Removes the network's adapter and its DHCP server if tsmachine has made it and no machine is on it. Which
 * machines other users have on it nobody knows: it stays as long as VirtualBox runs for one of them.
 */
export async function removeUnusedAdapter(network: Network, tools: Tools): Promise<void> {
  const { control, world } = tools;
  await removeUnnoted(tools);
  const notes = await control.readNotes();
  const adapter = (await control.listAdapters()).find(
    (one) => formatCidr(one) === formatCidr(network),
  );
  if (adapter === undefined || !notes.has(adapterKey(adapter.name))) return;
  if ((await mayBeUsed(adapter.name, control)) || (await world.isUsedByOthers())) return;
  await removeAdapter(adapter.name, control);
  await control.writeNote(adapterKey(adapter.name), undefined);
}

function inUse(network: Network, name: string): TsmachineError {
  return new TsmachineError(
    "ADDRESS_UNAVAILABLE",
    `the host-only network ${formatCidr(network)} overlaps that of this host's interface ${name}`,
    { hints: ["give another network with --virtualbox-hostonly-cidr, such as 192.168.57.1/24"] },
  );
}
