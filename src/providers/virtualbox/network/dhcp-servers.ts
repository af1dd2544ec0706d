import type { Control } from "../control.ts";

/** The name by which VirtualBox knows the network of an adapter, whether that is there or not. */
export function dhcpNetworkOf(adapter: string): string {
  return `HostInterfaceNetworking-${adapter}`;
}

/** Networks that VirtualBox has a DHCP server for. */
export async function listDhcpNetworks(
  control: Pick<Control, "listDhcpServers">,
): Promise<string[]> {
  return (await control.listDhcpServers()).map(({ network }) => network);
}

/** Removes the DHCP server of an adapter's network, if there is one. */
export async function removeDhcpServerOf(
  adapter: string,
  control: Pick<Control, "listDhcpServers" | "removeDhcpServer">,
): Promise<void> {
  const network = dhcpNetworkOf(adapter);
  if ((await listDhcpNetworks(control)).includes(network)) await control.removeDhcpServer(network);
}
