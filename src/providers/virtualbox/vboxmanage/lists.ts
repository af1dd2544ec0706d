// `VBoxManage list …`: blocks of "Key:   value" lines, apart by empty lines.
import type { DhcpServer, HostOnlyAdapter, ListedMachine } from "../control.ts";
import { prefixLengthOf } from "../network/cidr.ts";
import type { Disk } from "../own-disk.ts";

/** Of `list vms`: the name may hold quotes, and is `<inaccessible>` where it cannot be read. */
export function parseMachineList(text: string): readonly ListedMachine[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [, name, uuid] = /^"(.*)" \{([0-9a-f-]{36})\}$/i.exec(line) ?? [];
    if (name === undefined || uuid === undefined) return [];
    return [{ uuid, name: name === "<inaccessible>" ? undefined : name }];
  });
}

/** Of `list hostonlyifs` and `list hostonlynets`. */
export function parseAdapterNames(text: string): readonly string[] {
  return networksIn(text).flatMap((block) => block.get("Name") ?? []);
}

/** Of `list hostonlyifs`; those without an IPv4 address are left out. */
export function parseInterfaces(text: string): readonly HostOnlyAdapter[] {
  return blocksOf(text).flatMap((block) => {
    const [name, address] = [block.get("Name"), block.get("IPAddress")];
    const prefixLength = prefixLengthOf(block.get("NetworkMask") ?? "");
    if (name === undefined || address === undefined || prefixLength === undefined) return [];
    return address === "0.0.0.0" ? [] : [{ name, address, prefixLength }];
  });
}

/**
 * Of `list hostonlynets`, which macOS has in place of interfaces: the host has the lowest address. Within a
 * network is an empty line as well.
 */
export function parseNetworks(text: string): readonly HostOnlyAdapter[] {
  return networksIn(text).flatMap((block) => {
    const [name, address] = [block.get("Name"), block.get("LowerIP")];
    const prefixLength = prefixLengthOf(block.get("NetworkMask") ?? "");
    if (name === undefined || address === undefined || prefixLength === undefined) return [];
    return [{ name, address, prefixLength }];
  });
}

/** Of the same list: macOS itself gives away what is between the two addresses, and is no server of VirtualBox's. */
export function parsePools(text: string): readonly DhcpServer[] {
  return networksIn(text).flatMap((block) => {
    const [lowest, highest] = [block.get("LowerIP"), block.get("UpperIP")];
    const network = block.get("VBoxNetworkName") ?? block.get("Name");
    if (network === undefined || lowest === undefined || highest === undefined) return [];
    return [{ network, address: lowest, lowest, highest, isEnabled: true }];
  });
}

function networksIn(text: string): readonly ReadonlyMap<string, string>[] {
  return text.split(/^(?=Name:)/m).map(valuesOf);
}

/** Of `list dhcpservers`; VirtualBox 6.1 writes some of the keys otherwise. */
export function parseDhcpServers(text: string): readonly DhcpServer[] {
  return blocksOf(text).flatMap((block) => {
    const network = block.get("NetworkName");
    const address = block.get("Dhcpd IP") ?? block.get("IP");
    const lowest = block.get("LowerIPAddress") ?? block.get("lowerIPAddress");
    const highest = block.get("UpperIPAddress") ?? block.get("upperIPAddress");
    if (network === undefined || address === undefined) return [];
    if (lowest === undefined || highest === undefined) return [];
    return [{ network, address, lowest, highest, isEnabled: block.get("Enabled") === "Yes" }];
  });
}

/** Of `list hdds`: "Parent UUID: base" where there is no parent. */
export function parseDisks(text: string): readonly (Disk & { readonly uuid: string })[] {
  return blocksOf(text).flatMap((block) => {
    const [uuid, path] = [block.get("UUID"), block.get("Location")];
    if (uuid === undefined || path === undefined) return [];
    return [{ uuid, path, isDifferencing: block.get("Parent UUID") !== "base" }];
  });
}

/** Of `getextradata global enumerate`: "Key: KEY, Value: VALUE". */
export function parseNotes(text: string): ReadonlyMap<string, string> {
  const lines = text.split(/\r?\n/);
  return new Map(
    lines.flatMap((line): [string, string][] => {
      const [, key, value] = /^Key: (.*?), Value: (.*)$/.exec(line) ?? [];
      return key === undefined || value === undefined ? [] : [[key, value]];
    }),
  );
}

function blocksOf(text: string): readonly ReadonlyMap<string, string>[] {
  return text.split(/\r?\n\s*\r?\n/).map(valuesOf);
}

function valuesOf(block: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of block.split(/\r?\n/)) {
    const [, key, value] = /^([^\s:][^:]*):\s+(.*?)\s*$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined && !values.has(key)) values.set(key, value);
  }
  return values;
}
