import { readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { createServer } from "node:https";
import { join } from "node:path";
import type { Bundle } from "../../../src/certs/bundle.ts";

export interface FakeEngine {
  /** From now on it is at this address of this host's, and at no other. */
  listen(address: string): Promise<void>;
  /** From now on it shows this certificate. */
  recertify(bundle: Bundle): void;
  /**
   * Replaces its containers, and tells those who follow its events. Its list says so at once unless it is
   * to be asked in vain some times before.
   */
  setContainers(
    containers: readonly FakeContainer[],
    lag?: { readonly looksUntilListed: number },
  ): void;
  /** Tells those who follow its events of one. */
  tell(event: object): void;
  /** Drops all connections, and goes on: what a client sees of an engine that restarts. */
  hangUp(): void;
  close(): Promise<void>;
}

/** A container that runs. Ports in docker's words: what of them is not said is TCP at all addresses. */
export interface FakeContainer {
  readonly name: string;
  readonly ports: readonly {
    readonly host: number;
    readonly container: number;
    readonly type?: "tcp" | "udp" | "sctp";
    readonly ip?: string;
  }[];
}

export interface FakeEngineOptions {
  readonly port: number;
  /** An address of this host's; 127.0.0.1 unless given. */
  readonly address?: string;
  /** The machine's folder, with ca.pem, server.pem and server-key.pem. */
  readonly directory: string;
  /** "mute": connections are accepted and never answered. */
  readonly manner: "serving" | "mute";
  /** What it answers when asked for its version. */
  readonly version?: string;
}

export const fakeEngineVersion = "26.1.5+dfsg1";

/** An engine on the loopback address as dockerd is one: only clients of its authority are let in. */
export async function startFakeEngine(options: FakeEngineOptions): Promise<FakeEngine> {
  const { version = JSON.stringify({ Version: fakeEngineVersion, KernelVersion: "6.12.1" }) } =
    options;
  const read = (name: string) => readFile(join(options.directory, name));
  const server = createServer({
    ...{ ca: await read("ca.pem"), cert: await read("server.pem") },
    ...{ key: await read("server-key.pem"), requestCert: true, rejectUnauthorized: true },
  });
  let containers: readonly FakeContainer[] = [];
  let former: readonly FakeContainer[] = [];
  let looksUntilListed = 0;
  const listed = () => {
    if (looksUntilListed === 0) return containers;
    looksUntilListed -= 1;
    return former;
  };
  const followers = new Set<ServerResponse>();
  server.on("request", (request, response) => {
    if (options.manner === "mute") return;
    if (request.url === "/_ping") response.end("OK");
    else if (request.url === "/containers/json") response.end(JSON.stringify(listOf(listed())));
    else if (request.url?.startsWith("/events")) {
      followers.add(response.on("close", () => followers.delete(response)));
      response.flushHeaders();
    } else if (request.url === "/version") {
      response.end(version);
    } else if (request.url?.startsWith("/images/load?")) {
      // Nobody needs images of it: it breaks off, and is well.
      request.socket.destroy();
    } else response.writeHead(404).end('{"message":"page not found"}');
  });
  // Whoever has no certificate, or hangs up early, is that client's affair.
  server.on("tlsClientError", () => {});
  const listen = (address: string) =>
    new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(options.port, address, resolve);
    });
  const close = async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };
  await listen(options.address ?? "127.0.0.1");
  return {
    setContainers(replacement, lag = { looksUntilListed: 0 }) {
      former = containers;
      containers = replacement;
      looksUntilListed = lag.looksUntilListed;
      for (const follower of followers) follower.write('{"Type":"container"}\n');
    },
    tell(event) {
      for (const follower of followers) follower.write(`${JSON.stringify(event)}\n`);
    },
    hangUp: () => server.closeAllConnections(),
    async listen(address) {
      await close();
      await listen(address);
    },
    recertify: ({ ca, certificate: cert, key }) => server.setSecureContext({ ca, cert, key }),
    close,
  };
}

/** As `GET /containers/json` of an engine says it, which names all addresses twice. */
function listOf(containers: readonly FakeContainer[]) {
  return containers.map(({ name, ports }, index) => ({
    Id: `${index}`.padStart(64, "0"),
    Names: [`/${name}`],
    State: "running",
    Ports: ports.flatMap(({ host, container, type = "tcp", ip }) =>
      (ip === undefined ? ["0.0.0.0", "::"] : [ip]).map((address) => ({
        ...{ IP: address, PrivatePort: container, PublicPort: host, Type: type },
      })),
    ),
  }));
}
