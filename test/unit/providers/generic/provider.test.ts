import { createServer, type Server } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { freeLoopbackPorts } from "../../../../src/host/ports.ts";
import { createGenericProvider } from "../../../../src/providers/generic/provider.ts";
import { recordedOperation } from "../../../support/worlds/operations.ts";

const provider = createGenericProvider();

function hostWith(ports: { sshPort: number; dockerPort: number }) {
  const record = { version: 1, address: "127.0.0.1", sshUser: "root", ...ports };
  return provider.open(record, { directory: "/machines/dev" });
}

async function listenOn(port: number): Promise<Server> {
  const server = createServer();
  onTestFinished(() => void server.close());
  await new Promise<void>((listening) => server.listen(port, "127.0.0.1", listening));
  return server;
}

async function freePorts() {
  const [sshPort = 0, dockerPort = 0] = await freeLoopbackPorts(2);
  return { sshPort, dockerPort };
}

describe("a generic host", () => {
  test.each(["sshPort", "dockerPort"] as const)(
    "runs when somebody listens on its %s",
    async (port) => {
      const ports = await freePorts();
      await listenOn(ports[port]);
      expect(await hostWith(ports).power(recordedOperation())).toBe("running");
    },
  );

  test("is stopped when nobody listens, and cannot be started", async () => {
    const host = hostWith(await freePorts());
    expect(await host.power(recordedOperation())).toBe("stopped");
    await host.stop("shutdown", recordedOperation());
    await expect(host.start(recordedOperation())).rejects.toMatchObject({
      ...{ code: "CAPABILITY_MISSING", message: "hosts without a driver cannot be started" },
    });
  });

  test("is given up when the look at it is aborted", async () => {
    const reason = new Error("the user pressed Ctrl-C");
    const operation = { ...recordedOperation(), signal: AbortSignal.abort(reason) };
    await expect(hostWith(await freePorts()).power(operation)).rejects.toBe(reason);
  });

  test("cannot be created yet", async () => {
    const spec = { name: "dev", architecture: "amd64" } as const;
    await expect(provider.plan(spec, {}, recordedOperation())).rejects.toMatchObject({
      code: "PROVIDER_UNAVAILABLE",
    });
  });

  test("with a record of another kind is not opened", () => {
    expect(() => provider.open({ version: 1 }, { directory: "/machines/dev" })).toThrow(
      expect.objectContaining({ code: "RECORD_INVALID" }),
    );
  });
});
