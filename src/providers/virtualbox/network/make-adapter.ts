import * as z from "zod";
import { parseJson } from "../../../bytes/parse-json.ts";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import type { Control } from "../control.ts";
import { isLost, isTransient } from "../failure.ts";
import type { Tools } from "../machine/tools.ts";
import { formatCidr, type Network } from "./cidr.ts";
import { hasDefaultAddress } from "./default-address.ts";
import { dhcpNetworkOf, listDhcpNetworks } from "./dhcp-servers.ts";
import { adapterKey, dhcpKey, makingKey } from "./notes.ts";
import { findUser } from "./remove-adapter.ts";

type AdapterTools = Pick<Tools, "control" | "world">;

/** What there was before an adapter was made: VirtualBox chooses its name, and nothing else tells two that were made apart. */
const beforeSchema = z.object({
  adapters: z.array(z.string()).readonly(),
  /** Networks of DHCP servers. VirtualBox has one for vboxnet0 from the first, and may make one with an adapter. */
  dhcpNetworks: z.array(z.string()).readonly(),
});
type Before = z.infer<typeof beforeSchema>;

/**
 * Makes an adapter and notes that it is tsmachine's, and so is the DHCP server that comes with it; its name. To be called
 * under the shared lock.
 */
export async function makeAdapter(network: Network, tools: Tools): Promise<string> {
  const { control } = tools;
  const before: Before = {
    adapters: await control.listAdapterNames(),
    dhcpNetworks: await listDhcpNetworks(control),
  };
  const name = await makeOne(network, before, tools);
  if (await hasNewDhcpServer(name, before, control)) await control.writeNote(dhcpKey(name), "made");
  await control.writeNote(adapterKey(name), formatCidr(network));
  await control.writeNote(makingKey, undefined);
  return name;
}

async function hasNewDhcpServer(name: string, before: Before, control: Control): Promise<boolean> {
  const network = dhcpNetworkOf(name);
  return (
    !before.dhcpNetworks.includes(network) && (await listDhcpNetworks(control)).includes(network)
  );
}

async function makeOne(network: Network, known: Before, tools: Tools): Promise<string> {
  const { control } = tools;
  const before = JSON.stringify(known);
  await control.writeNote(makingKey, before);
  try {
    return await control.createAdapter(network);
  } catch (error) {
    // Refused in so many words: nothing was made, and what appears from now on is somebody else's.
    if (isRefusal(error)) await control.writeNote(makingKey, undefined);
    if (!isLost(error)) throw error;
    await removeUnnoted(tools);
    await control.writeNote(makingKey, before);
    return control.createAdapter(network);
  }
}

/**
 * Removes the adapter of a command that was killed before it could note it. Where several came since then, a
 * machine is on it, somebody has given it an address, or VirtualBox runs for another user, it may be somebody
 * else's, and stays.
 */
export async function removeUnnoted(tools: AdapterTools): Promise<void> {
  const { control } = tools;
  const notes = await control.readNotes();
  const making = notes.get(makingKey);
  if (making === undefined) return;
  const { data: before } = beforeSchema.safeParse(parseJson(making));
  if (before !== undefined) {
    const [made, ...others] = (await control.listAdapterNames()).filter(
      (name) => !before.adapters.includes(name) && !notes.has(adapterKey(name)),
    );
    if (made !== undefined && others.length === 0 && (await isUntouched(made, tools))) {
      if (await hasNewDhcpServer(made, before, control)) {
        await control.removeDhcpServer(dhcpNetworkOf(made));
      }
      await control.removeAdapter(made);
    }
  }
  await control.writeNote(makingKey, undefined);
}

async function isUntouched(name: string, { control, world }: AdapterTools): Promise<boolean> {
  const found = (await control.listAdapters()).find((one) => one.name === name);
  if (!hasDefaultAddress(name, found)) return false;
  if ((await findUser(name, control)) !== undefined) return false;
  return !(await world.isUsedByOthers());
}

/** Whether VirtualBox has answered, and said no. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof TsmachineError)) return false;
  const isAnswer = error.code === "VIRTUALBOX_FAILED" || error.code === "INSTANCE_LOCKED";
  return isAnswer && !isTransient(error) && !isLost(error);
}
