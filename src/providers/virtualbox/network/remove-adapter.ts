import type { Control } from "../control.ts";

/** Whether a machine of this VirtualBox is on the adapter. */
export async function mayBeUsed(adapter: string, control: Control): Promise<boolean> {
  for (const { uuid } of await control.listMachines()) {
    const machine = await control.readMachine(uuid);
    // Of one that cannot be read nobody knows what it is on.
    if (machine === undefined || machine.state === "inaccessible") return true;
    if (machine.adapters.includes(adapter)) return true;
  }
  return false;
}

/** The adapter and its DHCP server. */
export async function removeAdapter(name: string, control: Control): Promise<void> {
  const servers = await control.listDhcpServers();
  const server = servers.find((one) => one.network === dhcpNetworkOf(name));
  if (server !== undefined) await control.removeDhcpServer(server.network);
  await control.removeAdapter(name);
}

/** VirtualBox's name for what an adapter's DHCP server serves. */
export function dhcpNetworkOf(adapter: string): string {
  return `HostInterfaceNetworking-${adapter}`;
}
