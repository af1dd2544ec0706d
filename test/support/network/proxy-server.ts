import { createServer, type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { onTestFinished } from "vitest";
import { listenOnLoopback } from "./listen.ts";

export interface ProxyServer {
  /** http://127.0.0.1:PORT */
  readonly uri: string;
  /** What went through: "GET http://…" or "CONNECT host:port". */
  readonly requests: string[];
}

export interface ProxyOptions {
  /** NAME:PASSWORD that it wants; none unless given. */
  readonly credentials?: string;
  /** With which it refuses every request. */
  readonly refusal?: number;
  /** Leads every request to this server, whatever it names: names such as mirror.example are nowhere. */
  readonly target?: string;
}

/** A forward proxy, which makes tunnels too, on the loopback address until the running test ends. */
export async function startProxy(options: ProxyOptions = {}): Promise<ProxyServer> {
  const requests: string[] = [];
  const server = createServer((incoming, outgoing) => {
    requests.push(`${incoming.method} ${incoming.url}`);
    const refusal = refusalOf(incoming, options);
    if (refusal !== undefined) {
      outgoing.writeHead(refusal).end();
      return;
    }
    const { pathname } = new URL(incoming.url ?? "");
    const target = options.target ? new URL(pathname, options.target) : (incoming.url ?? "");
    const forwarded = request(target, { headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    forwarded.on("error", () => outgoing.destroy());
    forwarded.end();
  });
  server.on("connect", (incoming, client) => {
    requests.push(`CONNECT ${incoming.url}`);
    const refusal = refusalOf(incoming, options);
    if (refusal !== undefined) {
      client.end(`HTTP/1.1 ${refusal} Refused\r\n\r\n`);
      return;
    }
    const { hostname, port } = new URL(options.target ?? `http://${incoming.url}`);
    const upstream = connect(Number(port), hostname, () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on("error", () => client.destroy());
    client.on("error", () => upstream.destroy());
    onTestFinished(() => void upstream.destroy());
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const port = await listenOnLoopback(server);
  return { uri: `http://127.0.0.1:${port}`, requests };
}

function refusalOf(
  { headers }: IncomingMessage,
  { credentials, refusal }: ProxyOptions,
): number | undefined {
  const wanted = credentials && `Basic ${Buffer.from(credentials).toString("base64")}`;
  return wanted && headers["proxy-authorization"] !== wanted ? 407 : refusal;
}
