import { messageOf } from "../../../errors/message-of.ts";
import type { HostAddress, HostOnlyControl } from "../control.ts";
import { boundsOf, maskOf, toAddress } from "../network/cidr.ts";
import { longMs } from "../patience.ts";
import type { VirtualBoxWorld } from "../world.ts";
import type { VBoxManage } from "./call.ts";
import {
  parseAdapterNames,
  parseDhcpServers,
  parseInterfaces,
  parseNetworks,
  parsePools,
} from "./lists.ts";
import { majorVersion } from "./major-version.ts";

export type AdapterCommands = HostOnlyControl & {
  /** True on macOS from 7.0 on, where the host's end is a network and no adapter. */
  hasNetworks(): Promise<boolean>;
};

/** Windows asks the user for consent, and installs a driver. */
const elevated = { timeoutMs: longMs };

/** Host-only networking, which macOS has lost and got anew under another name. */
export function openAdapters(
  vbox: VBoxManage,
  { platform }: Pick<VirtualBoxWorld, "platform">,
): AdapterCommands {
  const { call } = vbox;
  const hasNetworks = async () => platform === "darwin" && (await majorVersion(vbox)) >= 7;
  return {
    hasNetworks,
    listAdapters: async () =>
      (await hasNetworks())
        ? parseNetworks(await call(["list", "hostonlynets"]))
        : parseInterfaces(await call(["list", "hostonlyifs"])),
    listAdapterNames: async () =>
      parseAdapterNames(
        await call(["list", (await hasNetworks()) ? "hostonlynets" : "hostonlyifs"]),
      ),
    createAdapter: async (network) =>
      (await hasNetworks()) ? createNetwork(vbox, network) : createInterface(vbox, network),
    async configureAdapter(name, network) {
      if (!(await hasNetworks())) await configureInterface(vbox, name, network);
    },
    async removeAdapter(name) {
      await call(
        (await hasNetworks())
          ? ["hostonlynet", "remove", "--name", name]
          : ["hostonlyif", "remove", name],
        elevated,
      );
    },
    listDhcpServers: async () => [
      ...((await hasNetworks()) ? parsePools(await call(["list", "hostonlynets"])) : []),
      ...parseDhcpServers(await call(["list", "dhcpservers"])),
    ],
    removeDhcpServer: async (network) => {
      await call(["dhcpserver", "remove", "--netname", network]);
    },
  };
}

/** VirtualBox chooses the name and says it between quotes; the address has to be given in any case. */
async function createInterface(vbox: VBoxManage, network: HostAddress): Promise<string> {
  const [, name] = /'([^']+)'/.exec(await vbox.call(["hostonlyif", "create"], elevated)) ?? [];
  if (name === undefined) throw new Error("VBoxManage does not name the adapter it has made");
  try {
    await configureInterface(vbox, name, network);
    return name;
  } catch (error) {
    await vbox.call(["hostonlyif", "remove", name], elevated).catch((undoError: unknown) => {
      throw new Error(`adapter ${name} could not be removed again: ${messageOf(undoError)}`, {
        cause: error,
      });
    });
    throw error;
  }
}

async function configureInterface(
  { call }: VBoxManage,
  name: string,
  { address, prefixLength }: HostAddress,
): Promise<void> {
  const values = ["--ip", address, "--netmask", maskOf(prefixLength)];
  await call(["hostonlyif", "ipconfig", name, ...values], elevated);
}

/** The upper half of the network is for fixed addresses, which VirtualBox must not give away. */
async function createNetwork(
  { call }: VBoxManage,
  { address, prefixLength }: HostAddress,
): Promise<string> {
  const name = `tsmachine-${address}`;
  const [first, last] = boundsOf({ address, prefixLength });
  const values = [
    ...["--name", name, "--netmask", maskOf(prefixLength), "--lower-ip", address],
    ...["--upper-ip", toAddress(Math.floor((first + last) / 2)), "--enable"],
  ];
  await call(["hostonlynet", "add", ...values], elevated);
  return name;
}
