import type { Control } from "../control.ts";

type DhcpControl = Pick<Control, "listDhcpServers" | "removeDhcpServer">;

const prefix = "HostInterfaceNetworking-";

/** The name by which VirtualBox knows the network of an adapter of Linux or Windows, whether that is there or not. */
export function dhcpNetworkOf(adapter: string): string {
  return `${prefix}${adapter}`;
}

/** The adapter, there or not, of a network that has this name. */
export function adapterOfDhcp(network: string): string | undefined {
  return network.startsWith(prefix) ? network.slice(prefix.length) : undefined;
}

/** Networks that VirtualBox has a DHCP server for. */
export async function listDhcpNetworks(
  control: Pick<DhcpControl, "listDhcpServers">,
): Promise<string[]> {
  return (await control.listDhcpServers()).map(({ network }) => network);
}

/** Removes the DHCP server of an adapter's network, if there is one. */
export async function removeDhcpServerOf(adapter: string, control: DhcpControl): Promise<void> {
  const network = dhcpNetworkOf(adapter);
  if ((await listDhcpNetworks(control)).includes(network)) await control.removeDhcpServer(network);
}
