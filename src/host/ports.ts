import { createServer } from "node:net";
import { isSystemError } from "../errors/system-error.ts";
import { TsmachineError } from "../errors/tsmachine-error.ts";

const loopback = "127.0.0.1";

/** Ports on 127.0.0.1 that the kernel chose as free, all different. */
export async function freeLoopbackPorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  const servers = await Promise.all(Array.from({ length: count }, () => listenOn(0)));
  for (const server of servers) {
    const address = server.address();
    if (address === null || typeof address === "string") {
      throw new TsmachineError("PORT_UNAVAILABLE", `no free port on ${loopback}`);
    }
    ports.push(address.port);
  }
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}

/** Whether nobody listens on this port of 127.0.0.1 now. */
export async function isLoopbackPortFree(port: number): Promise<boolean> {
  try {
    const server = await listenOn(port);
    await new Promise((closed) => server.close(closed));
    return true;
  } catch (error) {
    if (isSystemError(error, "EADDRINUSE", "EACCES")) return false;
    throw error;
  }
}

function listenOn(port: number) {
  const server = createServer();
  return new Promise<typeof server>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host: loopback, exclusive: true }, () => resolve(server));
  });
}
