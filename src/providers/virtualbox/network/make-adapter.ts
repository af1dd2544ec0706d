import * as z from "zod";
import { parseJson } from "../../../bytes/parse-json.ts";
import { isLost } from "../failure.ts";
import type { Tools } from "../machine/tools.ts";
import { formatCidr, type Network } from "./cidr.ts";
import { adapterKey, makingKey } from "./notes.ts";
import { mayBeUsed, removeAdapter } from "./remove-adapter.ts";

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
    if (!isLost(error)) throw error;
    await removeUnnoted(tools);
    await control.writeNote(makingKey, before);
    return control.createAdapter(network);
  }
}

/**
 * Removes the adapter of a command that was killed before it could note it. Where several came since then,
 * or a machine is on it, it may be the user's own, and stays.
 */
export async function removeUnnoted({ control }: Pick<Tools, "control">): Promise<void> {
  const notes = await control.readNotes();
  const making = notes.get(makingKey);
  if (making === undefined) return;
  const { data: before } = z.array(z.string()).safeParse(parseJson(making));
  if (before !== undefined) {
    const [made, ...others] = (await control.listAdapterNames()).filter(
      (name) => !before.includes(name) && !notes.has(adapterKey(name)),
    );
    const isOurs = made !== undefined && others.length === 0 && !(await mayBeUsed(made, control));
    if (isOurs) await removeAdapter(made, control);
  }
  await control.writeNote(makingKey, undefined);
}
