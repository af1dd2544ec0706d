import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { bindingProblem } from "../../../src/host/bindable.ts";
import { freeLoopbackPorts } from "../../../src/host/ports.ts";

const address = "127.0.0.1";

async function freePort(): Promise<number> {
  const [port = 0] = await freeLoopbackPorts(1);
  return port;
}

test.each(["tcp", "udp"] as const)(
  "nothing keeps a free port of %s from being bound",
  async (protocol) => {
    expect(await bindingProblem({ protocol, address, port: await freePort() })).toBeUndefined();
  },
);

test("a port that somebody listens at is in use", async () => {
  const port = await freePort();
  const server = createServer().listen(port, address);
  const socket = createSocket("udp4").bind(port, address);
  onTestFinished(() => void server.close());
  onTestFinished(() => void socket.close());
  await Promise.all([once(server, "listening"), once(socket, "listening")]);
  for (const protocol of ["tcp", "udp"] as const) {
    expect(await bindingProblem({ protocol, address, port })).toBe("is in use by another program");
  }
});

// 192.0.2.0/24 is for documentation alone, RFC 5737.
test.each(["tcp", "udp"] as const)(
  "an address of another host cannot be bound by %s",
  async (protocol) => {
    const port = await freePort();
    expect(await bindingProblem({ protocol, address: "192.0.2.1", port })).toBe(
      "is at an address that this host does not have",
    );
  },
);
