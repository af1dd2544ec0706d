import { once } from "node:events";
import { connect, createServer } from "node:net";
import { onTestFinished } from "vitest";

const burstEveryMs = 100;

/**
 * Relays TCP connections to a port of 127.0.0.1 as a busy network does: what the server sends is
 * held back for a while and then arrives in one piece.
 * @returns the relay's port
 */
export async function startBurstyRelay(serverPort: number): Promise<number> {
  const relay = createServer((client) => {
    const server = connect(serverPort, "127.0.0.1");
    const held: Buffer[] = [];
    server.on("data", (chunk: Buffer) => held.push(chunk));
    const timer = setInterval(() => client.write(Buffer.concat(held.splice(0))), burstEveryMs);
    const close = () => {
      clearInterval(timer);
      client.destroy();
      server.destroy();
    };
    client.on("error", close).on("close", close).pipe(server);
    server.on("error", close).on("close", close);
  });
  relay.listen(0, "127.0.0.1");
  await once(relay, "listening");
  onTestFinished(() => void relay.close());
  const address = relay.address();
  if (address === null || typeof address === "string") throw new Error("no TCP address");
  return address.port;
}
