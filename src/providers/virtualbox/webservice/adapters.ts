import { messageOf } from "../../../errors/message-of.ts";
import type { HostAddress, HostOnlyControl } from "../control.ts";
import { maskOf, prefixLengthOf } from "../network/cidr.ts";
import type { Client } from "../soap/connection.ts";
import { completed } from "../soap/progress.ts";

/** Host-only networking of Linux and Windows. On macOS it is another since 7.0, which 7.0's API lacks. */
export function adapterCommands(client: Client): HostOnlyControl {
  const { virtualBox } = client;
  return {
    async listAdapters() {
      const host = await virtualBox.getHost();
      const all = await host.findHostNetworkInterfacesOfType("HostOnly");
      const adapters = await Promise.all(
        all.map(async (one) => ({
          name: await one.getName(),
          address: await one.getIPAddress(),
          prefixLength: prefixLengthOf(await one.getNetworkMask()),
        })),
      );
      return adapters.flatMap(({ prefixLength, ...rest }) =>
        prefixLength === undefined || rest.address === "0.0.0.0" ? [] : [{ ...rest, prefixLength }],
      );
    },
    async listAdapterNames() {
      const host = await virtualBox.getHost();
      const all = await host.findHostNetworkInterfacesOfType("HostOnly");
      return Promise.all(all.map((one) => one.getName()));
    },
    createAdapter: (network) => createAdapter(client, network),
    async configureAdapter(name, { address, prefixLength }) {
      const host = await virtualBox.getHost();
      const adapter = await host.findHostNetworkInterfaceByName(name);
      await adapter.enableStaticIPConfig(address, maskOf(prefixLength));
    },
    async removeAdapter(name) {
      const host = await virtualBox.getHost();
      const uuid = await (await host.findHostNetworkInterfaceByName(name)).getId();
      await completed(
        await host.removeHostOnlyNetworkInterface(uuid),
        "removing a host-only adapter",
        client,
      );
    },
    listDhcpServers: async () =>
      Promise.all(
        (await virtualBox.getDHCPServers()).map(async (server) => ({
          network: await server.getNetworkName(),
          address: await server.getIPAddress(),
          lowest: await server.getLowerIP(),
          highest: await server.getUpperIP(),
          isEnabled: await server.getEnabled(),
        })),
      ),
    async removeDhcpServer(network) {
      await virtualBox.removeDHCPServer(await virtualBox.findDHCPServerByNetworkName(network));
    },
  };
}

async function createAdapter(
  client: Client,
  { address, prefixLength }: HostAddress,
): Promise<string> {
  const host = await client.virtualBox.getHost();
  const { hostInterface, returnval } = await host.createHostOnlyNetworkInterface();
  await completed(returnval, "making a host-only adapter", client);
  if (hostInterface === null) throw new Error("VirtualBox does not name the adapter it has made");
  try {
    await hostInterface.enableStaticIPConfig(address, maskOf(prefixLength));
    return await hostInterface.getName();
  } catch (error) {
    const unhurried = client.unhurried();
    const uuid = await hostInterface.getId();
    const undoing = await unhurried.virtualBox.getHost();
    await undoing.removeHostOnlyNetworkInterface(uuid).then(
      (progress) => completed(progress, "removing a host-only adapter", unhurried),
      (undoError: unknown) => {
        throw new Error(`adapter ${uuid} could not be removed again: ${messageOf(undoError)}`, {
          cause: error,
        });
      },
    );
    throw error;
  }
}
