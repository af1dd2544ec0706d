import * as z from "zod";
import { parseJson } from "../../../bytes/parse-json.ts";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { isLost, isTransient } from "../failure.ts";
import type { Tools } from "../machine/tools.ts";
import { formatCidr, type Network } from "./cidr.ts";
import { hasDefaultAddress } from "./default-address.ts";
import { adapterKey, makingKey } from "./notes.ts";
import { findUser, removeAdapter } from "./remove-adapter.ts";

type AdapterTools = Pick<Tools, "control" | "world">;

/** Makes an adapter and notes that it is tsmachine's; its name. To be called under the shared lock. */
export async function makeAdapter(network: Network, tools: Tools): Promise<string> {
  const { control } = tools;
  const name = await makeOne(network, tools);
  await control.writeNote(adapterKey(name), formatCidr(network));
  await control.writeNote(makingKey, undefined);
  return name;
}

/** VirtualBox chooses the name, and nothing else tells two adapters that were made apart. */
async function makeOne(network: Network, tools: Tools): Promise<string> {
  const { control } = tools;
  const before = JSON.stringify(await control.listAdapterNames());
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
  const { data: before } = z.array(z.string()).safeParse(parseJson(making));
  if (before !== undefined) {
    const [made, ...others] = (await control.listAdapterNames()).filter(
      (name) => !before.includes(name) && !notes.has(adapterKey(name)),
    );
    if (made !== undefined && others.length === 0 && (await isUntouched(made, tools))) {
      await removeAdapter(made, control);
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
