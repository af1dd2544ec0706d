import { readFile } from "node:fs/promises";
import { createServer } from "node:https";
import { join } from "node:path";

export interface FakeEngine {
  close(): Promise<void>;
}

export interface FakeEngineOptions {
  readonly port: number;
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
  server.on("request", (request, response) => {
    if (options.manner === "mute") return;
    if (request.url === "/_ping") response.end("OK");
    else if (request.url === "/version") {
      response.end(version);
    } else response.writeHead(404).end('{"message":"page not found"}');
  });
  // Whoever has no certificate, or hangs up early, is that client's affair.
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, "127.0.0.1", resolve);
  });
  return {
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
