import { isIP } from "node:net";
import { completeNoProxy } from "./no-proxy.ts";

/** Variables by name. */
export type Variables = Readonly<Record<string, string>>;

export interface EnvironmentSources {
  /** What `--engine-env` gave. */
  readonly given: Variables;
  /** The proxy variables of this host's user; see proxyVariables. */
  readonly host: Variables;
  /** Where the guest reaches servers on this host's loopback address; undefined where it cannot. */
  readonly hostLoopback: string | undefined;
  /** Names and addresses that the engine reaches without any proxy: the machine's own, and this host's. */
  readonly own: readonly string[];
}

export interface EngineEnvironment {
  readonly variables: Variables;
  /** Names of the host's variables with a proxy that the guest cannot reach; they are left out. */
  readonly unreachable: readonly string[];
}

const names: ReadonlySet<string> = new Set(["http_proxy", "https_proxy", "no_proxy"]);

/** Those of an environment's variables, in either case, that name proxies and what goes past them. */
export function proxyVariables(
  environment: Readonly<Record<string, string | undefined>>,
): Variables {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    // One assignment a line is all that the guest can read.
    if (names.has(name.toLowerCase()) && value && !/[\0\n\r]/.test(value)) found[name] = value;
  }
  return found;
}

/**
 * The engine's variables: the given ones, and those proxies of the host for which none is given in
 * either case. A proxy on this host's loopback address is one on another address for the guest; what
 * goes past proxies is completed unless it was given.
 */
export function engineEnvironment({
  given,
  host,
  hostLoopback,
  own,
}: EnvironmentSources): EngineEnvironment {
  const givenNames = new Set(Object.keys(given).map((name) => name.toLowerCase()));
  const variables: Record<string, string> = {};
  const unreachable: string[] = [];
  for (const [name, value] of Object.entries(host)) {
    if (givenNames.has(name.toLowerCase())) continue;
    const proxy = name.toLowerCase() === "no_proxy" ? value : fromGuest(value, hostLoopback);
    if (proxy === undefined) unreachable.push(name);
    else variables[name] = proxy;
  }
  const all = { ...variables, ...given };
  return { variables: givenNames.has("no_proxy") ? all : completeNoProxy(all, own), unreachable };
}

/** Undefined when the guest cannot reach it. */
function fromGuest(proxy: string, hostLoopback: string | undefined): string | undefined {
  const host = hostPart.exec(proxy);
  const [, before = "", name = "", after = ""] = host ?? [];
  if (!isLoopback(name)) return proxy;
  return hostLoopback === undefined ? undefined : `${before}${hostLoopback}${after}`;
}

/** Scheme and credentials, then the host, then port and path; the scheme may be missing. */
const hostPart = /^((?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^/?#]*@)?)(\[[^\]]*\]|[^:/?#]*)(.*)$/is;

function isLoopback(host: string): boolean {
  const plain = host.replace(/^\[|\]$/g, "").toLowerCase();
  // Whoever connects to the unspecified address reaches this host.
  if (plain === "0.0.0.0" || plain === "::") return true;
  if (plain === "localhost" || plain.endsWith(".localhost")) return true;
  return isIP(plain) === 4 ? plain.startsWith("127.") : plain === "::1";
}
