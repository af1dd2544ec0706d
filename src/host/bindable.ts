import { createSocket } from "node:dgram";
import { createServer } from "node:net";
import { isSystemError } from "../errors/system-error.ts";

export interface Binding {
  readonly protocol: "tcp" | "udp";
  readonly address: string;
  readonly port: number;
}

/**
 * What keeps a port of this host from being bound, as a clause about it: "is in use by another program".
 * Undefined when nothing does.
 */
export async function bindingProblem(binding: Binding): Promise<string | undefined> {
  try {
    await (binding.protocol === "tcp" ? bindTcp(binding) : bindUdp(binding));
    return undefined;
  } catch (error) {
    const code = Object.keys(problems).find((one) => isSystemError(error, one));
    return (code && problems[code]) ?? "cannot be bound";
  }
}

const problems: Readonly<Record<string, string>> = {
  EADDRINUSE: "is in use by another program",
  EACCES: "may be bound by an administrator alone",
  EADDRNOTAVAIL: "is at an address that this host does not have",
  ENOTFOUND: "is at an address that is none",
  EAFNOSUPPORT: "is at an address of a kind that this host does not have",
};

async function bindTcp({ address, port }: Binding): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host: address, exclusive: true }, resolve);
  });
  await new Promise((closed) => server.close(closed));
}

async function bindUdp({ address, port }: Binding): Promise<void> {
  const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      socket.bind({ port, address, exclusive: true }, resolve);
    });
  } finally {
    await new Promise<void>((closed) => socket.close(closed));
  }
}
