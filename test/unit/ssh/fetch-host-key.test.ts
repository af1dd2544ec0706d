import { createServer } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { freeLoopbackPorts } from "../../../src/host/ports.ts";
import { fetchHostKey, fingerprintOf } from "../../../src/ssh/fetch-host-key.ts";
import { createKeyPair } from "../../../src/ssh/key-pair.ts";
import { startSshServer } from "../../support/network/ssh-server.ts";

const { signal } = new AbortController();
const address = "127.0.0.1";

describe("the host key of a server that is not known", () => {
  test("is fetched without logging in", async () => {
    const host = await createKeyPair({ comment: "host" });
    const { publicKey: authorizedKey } = await createKeyPair({ comment: "user" });
    const { port } = await startSshServer({ hostKeys: [host.privateKey], authorizedKey });
    const key = await fetchHostKey({ address, port, timeoutMs: 10_000, signal });
    expect(host.publicKey).toBe(`${key} host`);
  });

  test("is not to be had where nobody listens, or somebody else does", async () => {
    const [port = 0] = await freeLoopbackPorts(1);
    const fetching = () => fetchHostKey({ address, port, timeoutMs: 10_000, signal });
    await expect(fetching()).rejects.toMatchObject({ code: "SSH_UNREACHABLE" });
    const server = createServer((socket) => void socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    onTestFinished(() => void server.close());
    await new Promise<void>((listening) => server.listen(port, address, listening));
    await expect(fetching()).rejects.toMatchObject({ code: "SSH_UNREACHABLE" });
  });

  test("is not waited for once the call is aborted, or longer than its limit", async () => {
    const server = createServer(() => {});
    onTestFinished(() => void server.close());
    const port = await new Promise<number>((listening) => {
      server.listen(0, address, () => {
        const bound = server.address();
        listening(bound === null || typeof bound === "string" ? 0 : bound.port);
      });
    });
    const options = { address, port, timeoutMs: 200, signal };
    await expect(fetchHostKey(options)).rejects.toMatchObject({ code: "SSH_UNREACHABLE" });
    const controller = new AbortController();
    const fetching = fetchHostKey({ ...options, timeoutMs: 60_000, signal: controller.signal });
    const reason = new Error("the user pressed Ctrl-C");
    controller.abort(reason);
    await expect(fetching).rejects.toBe(reason);
  });
});

test("a fingerprint is what ssh-keygen -l prints", () => {
  const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKiEwLBZBGNeFyqDLdyxyQUsfRbdvC9/EVJcRQbrVWzr";
  expect(fingerprintOf(key)).toBe("SHA256:Wh1KxtC9uDwi8P019AZThLE9+cmXscN56vQTESmxXgo");
});
