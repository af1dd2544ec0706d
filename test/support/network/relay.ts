import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

export interface Relay {
  close(): Promise<void>;
}

/** Relays TCP connections from an address of this host's to the same port of 127.0.0.1. */
export async function startRelay(address: string, port: number): Promise<Relay> {
  const sockets = new Set<Socket>();
  const relay = createServer((client) => {
    const server = connect(port, "127.0.0.1");
    const close = () => {
      for (const socket of [client, server]) {
        socket.destroy();
        sockets.delete(socket);
      }
    };
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on("error", close).on("close", close);
    }
    client.pipe(server).pipe(client);
  });
  relay.listen(port, address);
  await once(relay, "listening");
  return {
    async close() {
      for (const socket of sockets) socket.destroy();
      relay.close();
      await once(relay, "close");
    },
  };
}
