import type { Endpoint } from "../provider.ts";

/** Ports where an engine with TLS is, where the URL names none; that of tcp is docker's. */
const tlsPorts: Readonly<Record<string, number>> = { "tcp:": 2376, "https:": 443 };

/**
 * Where the engine of this URL is. Any text will do, as it did for docker-machine: what is no URL, or
 * one without a host, gives an endpoint of which nothing but that text is known.
 */
export function endpointAt(engineUrl: string): Endpoint {
  if (!URL.canParse(engineUrl)) return { address: "", engineUrl };
  const { hostname, port, protocol } = new URL(engineUrl);
  const address = hostname.replace(/^\[(.*)\]$/, "$1");
  const tlsPort = tlsPorts[protocol];
  if (address === "" || tlsPort === undefined || port === "0") return { address, engineUrl };
  return { address, dockerPort: port === "" ? tlsPort : Number(port), engineUrl };
}
