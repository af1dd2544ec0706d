import { isIPv4 } from "node:net";
import type { MachineRecord } from "../../store/record.ts";
import { type Context, findProvider } from "../context.ts";

/** A line of a hosts file. https://man7.org/linux/man-pages/man5/hosts.5.html */
export interface NamedAddress {
  /** IPv4; guests have no other way to the host's networks. */
  readonly address: string;
  readonly names: readonly string[];
}

export interface HostNameSources {
  /** Text of this host's hosts file. */
  readonly hosts: string;
  /** Where the guest reaches servers on this host's loopback address; undefined where it cannot. */
  readonly hostLoopback: string | undefined;
  /** The guest's own name, which stays its own. */
  readonly guestName: string;
}

/** Lists against advertisements have a hundred thousand, none of which an engine asks for. */
const maxNames = 1000;

/**
 * The names that this host's hosts file gives to addresses which the guest reaches, in the file's order, a
 * thousand at most: what is at this host's loopback address is at another one for the guest.
 */
export function hostNames({
  hosts,
  hostLoopback,
  guestName,
}: HostNameSources): readonly NamedAddress[] {
  const found: NamedAddress[] = [];
  let room = maxNames;
  for (const line of hosts.split(/\r?\n/)) {
    const [written = "", ...words] = (line.split("#", 1)[0] ?? "").trim().split(/\s+/);
    const address = fromGuest(written, hostLoopback);
    if (address === undefined) continue;
    const names = words.filter((name) => isHostName(name, guestName)).slice(0, room);
    if (names.length === 0) continue;
    found.push({ address, names });
    room -= names.length;
  }
  return found;
}

/** Those of this host for the machine's guest, unless the store's settings say otherwise. @throws TsmachineError CONFIG_INVALID */
export async function hostNamesFor(
  context: Context,
  record: MachineRecord,
): Promise<readonly NamedAddress[]> {
  const { passHostNames = true } = await context.store.readConfig();
  if (!passHostNames) return [];
  const { hostLoopback } = (await findProvider(context, record.provider.id)).capabilities;
  return hostNames({ hosts: await context.hostsFile(), hostLoopback, guestName: record.name });
}

/** Undefined for what leads nowhere: the unspecified address, broadcasts, and what the guest cannot reach. */
function fromGuest(address: string, hostLoopback: string | undefined): string | undefined {
  if (!isIPv4(address) || address === "0.0.0.0" || address === "255.255.255.255") return undefined;
  return address.startsWith("127.") ? hostLoopback : address;
}

const label = "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?";
const hostName = new RegExp(`^${label}(\\.${label})*$`, "i");

/** What every host calls itself is the guest's to say. */
function isHostName(name: string, guestName: string): boolean {
  const plain = name.toLowerCase();
  if (plain === guestName.toLowerCase() || /^(localhost$|localhost\.|ip6-)/.test(plain))
    return false;
  return name.length <= 253 && !plain.endsWith(".localhost") && hostName.test(name);
}
