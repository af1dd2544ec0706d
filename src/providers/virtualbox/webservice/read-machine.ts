import * as z from "zod";
import { type Forward, inaccessible, type MachineView } from "../control.ts";
import { codes, hasCode } from "../failure.ts";
import type { Machine } from "../soap/api.ts";
import type { Client } from "../soap/connection.ts";
import { controllerName } from "../storage.ts";
import { stateWord } from "./states.ts";

/** Undefined when no machine of that UUID is registered. */
export async function readMachine(client: Client, uuid: string): Promise<MachineView | undefined> {
  const machine = await findMachine(client, uuid);
  if (machine === undefined) return undefined;
  if (!(await machine.getAccessible())) return inaccessible(uuid);
  const controllers = await machine.getStorageControllers();
  const names = await Promise.all(controllers.map((one) => one.getName()));
  return {
    uuid,
    name: await machine.getName(),
    state: stateWord(await machine.getState()),
    settingsFile: await machine.getSettingsFilePath(),
    logFolder: await machine.getLogFolder(),
    media: await mediaOf(machine, client),
    hasController: names.includes(controllerName),
    forwards: await forwardsOf(machine),
    folders: await Promise.all((await machine.getSharedFolders()).map((one) => one.getName())),
    adapters: await adaptersOf(machine),
  };
}

export async function findMachine(client: Client, uuid: string): Promise<Machine | undefined> {
  try {
    return await client.virtualBox.findMachine(uuid);
  } catch (error) {
    if (hasCode(error, codes.notFound)) return undefined;
    throw error;
  }
}

/** IMediumAttachment; a drive may be empty. */
const attachmentsSchema = z
  .array(
    z.object({
      controller: z.string(),
      port: z.number(),
      type: z.string(),
      medium: z.string().nullish(),
    }),
  )
  .nullish();

/** What is in the ports of the machine's one controller. */
export async function attachmentsOf(machine: Machine) {
  const all = attachmentsSchema.parse(await machine.getMediumAttachments()) ?? [];
  return all.filter(({ controller }) => controller === controllerName);
}

async function mediaOf(machine: Machine, client: Client): Promise<ReadonlyMap<number, string>> {
  const media = new Map<number, string>();
  for (const { port, medium } of await attachmentsOf(machine)) {
    if (medium) media.set(port, await client.medium(medium).getLocation());
  }
  return media;
}

async function forwardsOf(machine: Machine): Promise<readonly Forward[]> {
  const nat = await (await machine.getNetworkAdapter(0)).getNATEngine();
  const rules =
    z
      .array(z.string())
      .nullish()
      .parse(await nat.getRedirects()) ?? [];
  return rules.flatMap((rule) => parseRedirect(rule) ?? []);
}

/** INATEngine::redirects: "ssh,1,127.0.0.1,40022,,22". */
function parseRedirect(rule: string): Forward | undefined {
  const [name, , , hostPort, , guestPort] = rule.split(",");
  return name === undefined || guestPort === undefined
    ? undefined
    : { name, hostPort: Number(hostPort), guestPort: Number(guestPort) };
}

/** As many cards as any chipset of VirtualBox's has; one with fewer refuses the next. */
const maxCards = 36;

async function adaptersOf(machine: Machine): Promise<readonly string[]> {
  const adapters: string[] = [];
  for (let slot = 0; slot < maxCards; slot += 1) {
    try {
      const card = await machine.getNetworkAdapter(slot);
      if (!(await card.getEnabled())) continue;
      const attachment = await card.getAttachmentType();
      if (attachment === "HostOnly") adapters.push(await card.getHostOnlyInterface());
      if (attachment === "HostOnlyNetwork") adapters.push(await card.getHostOnlyNetwork());
    } catch (error) {
      if (hasCode(error, codes.invalidArgument)) break;
      throw error;
    }
  }
  return adapters;
}
