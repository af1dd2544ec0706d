/** Notes beside VirtualBox's own settings, see Control.readNotes: who has which address and adapter. */
const prefix = "tsmachine/";

/** The note that a machine, by its UUID, has this address. */
export function addressKey(address: string): string {
  return `${prefix}address/${address}`;
}

/** The note that tsmachine has made this adapter. */
export function adapterKey(name: string): string {
  return `${prefix}adapter/${name}`;
}

/** The note that VirtualBox has made a DHCP server with this adapter, which goes with it. */
export function dhcpKey(adapter: string): string {
  return `${prefix}dhcp/${adapter}`;
}

/**
 * The note of an adapter that is being made: what there was before, as JSON. It stays when the command is killed
 * before it can note the new one.
 */
export const makingKey = `${prefix}making-adapter`;

/** UUIDs of machines by the address that they have. */
export function addressesIn(notes: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return notesBelow(addressKey(""), notes);
}

/** Networks of the adapters that tsmachine has made, by the adapter's name. */
export function adaptersIn(notes: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return notesBelow(adapterKey(""), notes);
}

/** Names of the adapters whose DHCP server came with them. */
export function dhcpAdaptersIn(notes: ReadonlyMap<string, string>): string[] {
  return [...notesBelow(dhcpKey(""), notes).keys()];
}

function notesBelow(
  start: string,
  notes: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  return new Map(
    [...notes].flatMap(([key, value]): [string, string][] =>
      key.startsWith(start) ? [[key.slice(start.length), value]] : [],
    ),
  );
}
