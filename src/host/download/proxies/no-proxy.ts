import { BlockList, isIP } from "node:net";

/**
 * Whether a list such as NO_PROXY's takes a URL past the proxy. As for curl, entries are parted by
 * commas or spaces: `*`, a name (it stands for the names below it as well, with or without a dot or
 * `*.` in front), an address, or a subnet such as 10.0.0.0/8. As for Go and undici, `:PORT` at the
 * end limits an entry to that port. https://curl.se/docs/manpage.html#NO
 */
export function noProxyRule(list: string): (url: URL) => boolean {
  const rules = list.split(/[\s,]+/).flatMap((entry) => (entry === "" ? [] : [entryRule(entry)]));
  return (url) => {
    const host = plainHost(url.hostname);
    const port = url.port || (url.protocol === "https:" ? "443" : "80");
    return rules.some((matches) => matches(host, port));
  };
}

type EntryRule = (host: string, port: string) => boolean;

function entryRule(entry: string): EntryRule {
  if (entry === "*") return () => true;
  if (isIP(entry) !== 0 || entry.includes("/")) return addressRule(entry);
  const [, bracketed, name = bracketed, port] =
    /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(entry) ?? [];
  if (name === undefined) return () => false;
  const matches = isIP(name) === 0 ? nameRule(name) : addressRule(name);
  return (host, askedPort) =>
    (port === undefined || port === askedPort) && matches(host, askedPort);
}

function nameRule(name: string): EntryRule {
  const wanted = plainHost(name.replace(/^\*?\./, ""));
  return (host) => host === wanted || (isIP(host) === 0 && host.endsWith(`.${wanted}`));
}

function addressRule(text: string): EntryRule {
  const [address = "", prefix] = text.split("/");
  const family = familyOf(address);
  const bits = Number(prefix ?? (family === "ipv4" ? 32 : 128));
  const isSubnet = Number.isInteger(bits) && bits >= 0 && bits <= (family === "ipv4" ? 32 : 128);
  if (isIP(address) === 0 || !isSubnet) return () => false;
  const addresses = new BlockList();
  addresses.addSubnet(address, bits, family);
  return (host) => isIP(host) !== 0 && addresses.check(host, familyOf(host));
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 6 ? "ipv6" : "ipv4";
}

/** In lower case, without the brackets of IPv6 and the dot that ends a full name. */
function plainHost(host: string): string {
  return host.toLowerCase().replace(/^\[|\]$|\.$/g, "");
}
