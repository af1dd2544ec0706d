import type { Server } from "node:net";

/** Makes the server listen on 127.0.0.1; gives back the port that it got. */
export async function listenOnLoopback(server: Server): Promise<number> {
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
