import * as z from "zod";
import { parseJson } from "../../../bytes/parse-json.ts";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { isLost, isTransient } from "../failure.ts";
import type { Tools } from "../machine/tools.ts";
import { findUser } from "./adapter-user.ts";
import { formatCidr, type Network } from "./cidr.ts";
import { hasDefaultAddress } from "./default-address.ts";
import {
  adapterOfDhcp,
  dhcpNetworkOf,
  listDhcpNetworks,
  removeDhcpServerOf,
} from "./dhcp-servers.ts";
import { adapterKey, dhcpKey, makingKey } from "./notes.ts";

type AdapterTools = Pick<Tools, "control" | "world">;

/**
 * What there was before an adapter was made, and the network that it was made for: VirtualBox chooses the name, and
 * nothing else tells two that were made apart.
 */
const beforeSchema = z.object({
  adapters: z.array(z.string()).readonly(),
  /** Of DHCP servers. A new VirtualBox has one for vboxnet0, and it may make one with an adapter. */
  dhcpNetworks: z.array(z.string()).readonly(),
  cidr: z.string(),
});
type Before = z.infer<typeof beforeSchema>;

/**
 * Makes an adapter and notes that it is tsmachine's. To be called under the shared lock.
 * @param settings whether a DHCP server that comes with it is kept, to go with it
 * @returns its name
 */
export async function makeAdapter(
  network: Network,
  { hasDhcp }: { readonly hasDhcp: boolean },
  tools: Tools,
): Promise<string> {
  const { control } = tools;
  const before: Before = {
    adapters: await control.listAdapterNames(),
    dhcpNetworks: await listDhcpNetworks(control),
    cidr: formatCidr(network),
  };
  const name = await makeOne(network, before, tools);
  const isNew = await hasNewDhcpServer(name, before, control);
  if (isNew && !hasDhcp) await removeDhcpServerOf(name, control);
  await control.writeNote(dhcpKey(name), isNew && hasDhcp ? "made" : undefined);
  await control.writeNote(adapterKey(name), before.cidr);
  await control.writeNote(makingKey, undefined);
  return name;
}

async function hasNewDhcpServer(
  name: string,
  before: Before,
  control: AdapterTools["control"],
): Promise<boolean> {
  const network = dhcpNetworkOf(name);
  return (
    !before.dhcpNetworks.includes(network) && (await listDhcpNetworks(control)).includes(network)
  );
}

async function makeOne(network: Network, before: Before, tools: Tools): Promise<string> {
  try {
    return await attempt(network, before, tools);
  } catch (error) {
    if (!isLost(error)) throw error;
    await removeUnnoted(tools);
    const adapters = await tools.control.listAdapterNames();
    return attempt(network, { ...before, adapters }, tools);
  }
}

/** Leaves a note of what it was about to do, but for when VirtualBox has refused. */
async function attempt(network: Network, before: Before, { control }: Tools): Promise<string> {
  await control.writeNote(makingKey, JSON.stringify(before));
  try {
    return await control.createAdapter(network);
  } catch (error) {
    if (isRefusal(error)) {
      await removeStrayDhcpServers(before, control);
      // What appears from now on is somebody else's.
      await control.writeNote(makingKey, undefined);
    }
    throw error;
  }
}

/** What has come with an adapter that was removed again. */
async function removeStrayDhcpServers(
  before: Before,
  control: AdapterTools["control"],
): Promise<void> {
  const adapters = await control.listAdapterNames();
  for (const network of await listDhcpNetworks(control)) {
    const adapter = adapterOfDhcp(network);
    if (adapter === undefined || adapters.includes(adapter)) continue;
    if (!before.dhcpNetworks.includes(network)) await control.removeDhcpServer(network);
  }
}

/**
 * Removes the adapter of a command that was killed before it could note it, with the DHCP server that came with it. Where
 * several came since then, a machine is on it, somebody has given it another address, or VirtualBox runs for another user, it
 * may be somebody else's, and stays.
 */
export async function removeUnnoted(tools: AdapterTools): Promise<void> {
  const { control } = tools;
  const notes = await control.readNotes();
  const making = notes.get(makingKey);
  if (making === undefined) return;
  const { data: before } = beforeSchema.safeParse(parseJson(making));
  if (before !== undefined) {
    const since = (await control.listAdapterNames()).filter(
      (name) => !before.adapters.includes(name),
    );
    // Where one of them is noted, that is the one that was being made.
    const [made, ...others] = since.some((name) => notes.has(adapterKey(name))) ? [] : since;
    if (made !== undefined && others.length === 0 && (await isUntouched(made, before, tools))) {
      if (await hasNewDhcpServer(made, before, control)) await removeDhcpServerOf(made, control);
      await control.removeAdapter(made);
      await control.writeNote(dhcpKey(made), undefined);
    }
  }
  await control.writeNote(makingKey, undefined);
}

async function isUntouched(
  made: string,
  { cidr }: Before,
  { control, world }: AdapterTools,
): Promise<boolean> {
  const found = (await control.listAdapters()).find((one) => one.name === made);
  const isOurs = found !== undefined && formatCidr(found) === cidr;
  if (!isOurs && !hasDefaultAddress(made, found)) return false;
  if ((await findUser(made, control)) !== undefined) return false;
  return !(await world.isUsedByOthers());
}

/** Whether VirtualBox has answered, and said no. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof TsmachineError)) return false;
  const isAnswer = error.code === "VIRTUALBOX_FAILED" || error.code === "INSTANCE_LOCKED";
  return isAnswer && !isTransient(error) && !isLost(error);
}
