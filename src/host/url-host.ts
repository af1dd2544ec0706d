/** An IP address or name as URLs have it: IPv6 in brackets (RFC 3986, section 3.2.2). */
export function urlHost(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}
