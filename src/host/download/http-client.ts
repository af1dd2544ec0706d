import { type Environment, type HttpProxy, proxiesOf } from "./proxies/proxies.ts";
import { type CaFile, trustBesides } from "./trusted-authorities.ts";

export interface HttpClient {
  /** GET, following redirections. @throws as fetch does, and what the client's settings are at fault for. */
  get(url: string, request: HttpRequest): Promise<HttpResponse>;
  /** The proxy that a request for this URL goes through. */
  proxyFor(url: string): HttpProxy | undefined;
}

export interface HttpRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** What fetch answers with, of Node's own or of undici's. */
export interface HttpResponse {
  readonly ok: boolean;
  readonly status: number;
  readonly statusText: string;
  readonly headers: { get(name: string): string | null };
  readonly body: (AsyncIterable<Uint8Array> & { cancel(): Promise<void> }) | null;
}

export interface HttpSettings {
  readonly environment: Environment;
  /** Authorities to trust besides Node's own. */
  readonly caFile?: CaFile | undefined;
}

/** Goes directly to every server, and trusts whom Node trusts. */
export const directClient: HttpClient = {
  get: (url, request) => fetch(url, request),
  proxyFor: () => undefined,
};

/**
 * A client that goes through the proxies of the environment and trusts a CA file's authorities.
 * Nothing is read, nor code loaded, before the first request; a wrong setting fails that one.
 */
export function createHttpClient(settings: HttpSettings): HttpClient {
  const proxyFor = proxiesOf(settings.environment);
  const isPlain = settings.caFile === undefined && !namesProxies(settings.environment);
  if (isPlain) return directClient;
  let opened: Promise<HttpClient["get"]> | undefined;
  return {
    proxyFor,
    get: async (url, request) => {
      opened ??= openConnections(settings, proxyFor);
      return (await opened)(url, request);
    },
  };
}

function namesProxies(environment: Environment): boolean {
  return ["http_proxy", "https_proxy"].some(
    (name) => environment[name] || environment[name.toUpperCase()],
  );
}

async function openConnections(
  { environment, caFile }: HttpSettings,
  proxyFor: HttpClient["proxyFor"],
): Promise<HttpClient["get"]> {
  const { Agent, fetch, ProxyAgent } = await import("undici");
  const secureContext = caFile && (await trustBesides(caFile, environment.NODE_EXTRA_CA_CERTS));
  const tls = secureContext ? { secureContext } : {};
  const agents = new Map<string, InstanceType<typeof ProxyAgent>>();
  const agentOf = ({ uri, variable, authorization: token }: HttpProxy) => {
    const known = agents.get(variable);
    if (known) return known;
    // Many proxies allow tunnels to port 443 alone; plain requests are forwarded, as by curl and apt.
    const agent = new ProxyAgent({
      ...{ uri, proxyTunnel: false, requestTls: tls, proxyTls: tls },
      ...(token !== undefined && { token }),
    });
    agents.set(variable, agent);
    return agent;
  };
  // Chosen for every request, because a redirection may lead to a server with another proxy.
  const dispatcher = new Agent({ connect: tls }).compose((dispatch) => (options, handler) => {
    const proxy = proxyFor(String(options.origin));
    return proxy
      ? agentOf(proxy).dispatch({ ...options, origin: String(options.origin) }, handler)
      : dispatch(options, handler);
  });
  return (url, request) => fetch(url, { ...request, dispatcher });
}
