import { once } from "node:events";
import { createServer } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { freeLoopbackPorts, isLoopbackPortFree } from "../../../src/host/ports.ts";

describe("loopback ports", () => {
  test("chosen together are all different and free", async () => {
    const ports = await freeLoopbackPorts(5);
    expect(new Set(ports).size).toBe(5);
    expect(await Promise.all(ports.map(isLoopbackPortFree))).toEqual(ports.map(() => true));
  });

  test.each(["127.0.0.1", "0.0.0.0"])(
    "on which somebody listens at %s are not free",
    async (host) => {
      const server = createServer().listen(0, host);
      onTestFinished(() => void server.close());
      await once(server, "listening");
      const address = server.address();
      if (address === null || typeof address === "string") throw new Error("no TCP address");
      expect(await isLoopbackPortFree(address.port)).toBe(false);
    },
  );
});
