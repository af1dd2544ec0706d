import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { freeLoopbackPorts } from "../../../src/host/ports.ts";
import { createKeyPair } from "../../../src/ssh/key-pair.ts";
import { openSession } from "../../../src/ssh/session.ts";
import { startBurstyRelay } from "../../support/network/bursty-relay.ts";
import { sessionWorld } from "../../support/network/session-world.ts";

const { signal } = new AbortController();
const { host, targetAt, startServer, open } = await sessionWorld();

describe("openSession", () => {
  test("accepts the host key it was given, among others the server may have", async () => {
    const { default: ssh2 } = await import("ssh2");
    const other = ssh2.utils.generateKeyPairSync("ecdsa", { bits: 256 });
    const { target } = await startServer([other.private, host.privateKey]);
    await using session = await openSession(target);
    expect(await session.run("echo in", { signal })).toMatchObject({ stdout: "in\n" });
  });

  test("refuses another key of the same type, and a server without any of that type", async () => {
    const { default: ssh2 } = await import("ssh2");
    const stranger = await createKeyPair({ comment: "stranger" });
    const ecdsa = ssh2.utils.generateKeyPairSync("ecdsa", { bits: 256 });
    for (const key of [stranger.privateKey, ecdsa.private]) {
      const { target } = await startServer([key]);
      await expect(openSession(target)).rejects.toMatchObject({
        code: "SSH_HOST_KEY_MISMATCH",
        message: expect.stringContaining(`127.0.0.1 port ${target.port}`),
      });
    }
  });

  test("says whom the server does not let in, and never shows the key", async () => {
    const { target } = await startServer();
    const stranger = await createKeyPair({ comment: "stranger" });
    await writeFile(target.privateKeyPath, stranger.privateKey);
    await expect(openSession(target)).rejects.toMatchObject({
      code: "SSH_AUTHENTICATION_FAILED",
      message: expect.stringContaining("does not let docker in"),
    });
  });

  test("tells when nobody listens", async () => {
    const [port = 0] = await freeLoopbackPorts(1);
    await expect(openSession(await targetAt(port))).rejects.toMatchObject({
      code: "SSH_UNREACHABLE",
      message: expect.stringContaining("ECONNREFUSED"),
    });
  });

  test.each([
    { server: "hangs up at once", onConnection: "end" as const, timeoutMs: 5_000 },
    { server: "says nothing", onConnection: undefined, timeoutMs: 100 },
  ])("tells when the server $server", async ({ onConnection, timeoutMs }) => {
    const server = createServer((socket) => {
      if (onConnection) socket[onConnection]();
      onTestFinished(() => void socket.destroy());
    }).listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no TCP address");
    const target = await targetAt(address.port, { timeoutMs });
    await expect(openSession(target)).rejects.toMatchObject({ code: "SSH_UNREACHABLE" });
  });

  test("stops with the signal's reason while it waits for the server", async () => {
    const controller = new AbortController();
    const reason = new Error("interrupted");
    const server = createServer((socket) => {
      onTestFinished(() => void socket.destroy());
      controller.abort(reason);
    }).listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no TCP address");
    const target = await targetAt(address.port, { signal: controller.signal });
    await expect(openSession(target)).rejects.toBe(reason);
  });

  test.each([
    ["a missing private key", { privateKeyPath: "/nowhere/id" }, "FILE_UNREADABLE"],
    ["a file that is no private key", { privateKeyPath: import.meta.filename }, "FILE_UNREADABLE"],
    ["a host key that is none", { hostKey: "ssh-ed25519 nonsense" }, "INVALID_INPUT"],
  ])("refuses %s", async (_, changes, code) => {
    await expect(openSession(await targetAt(1, changes))).rejects.toMatchObject({ code });
  });
});

describe("run", () => {
  test.each([
    { command: "echo out; echo err >&2", stdout: "out\n", stderr: "err\n", exitCode: 0 },
    { command: "exit 7", stdout: "", stderr: "", exitCode: 7 },
    { command: "kill -TERM $$", stdout: "", stderr: "", exitCode: 143 },
    {
      command: "printf '  kept as it is \n\n'",
      stdout: "  kept as it is \n\n",
      stderr: "",
      exitCode: 0,
    },
  ])("gives back output and status of `$command`", async ({ command, ...result }) => {
    const { session } = await open();
    expect(await session.run(command, { signal })).toEqual(result);
  });

  test("passes input on, with its end, and returns a large output whole", async () => {
    const { session } = await open();
    const input = "größer – ".repeat(400_000);
    const { stdout } = await session.run("cat", { input, signal });
    expect(stdout === input).toBe(true);
    expect(await session.run("wc -c", { input: new Uint8Array(70_000), signal })).toMatchObject({
      stdout: expect.stringMatching(/^\s*70000\n$/),
    });
  });

  test("gives a command no input unless told to", async () => {
    const { session } = await open();
    expect(await session.run("cat", { signal })).toMatchObject({ stdout: "", exitCode: 0 });
  });

  test("runs several commands at once", async () => {
    const { session } = await open();
    const results = await Promise.all([1, 2, 3].map((n) => session.run(`echo ${n}`, { signal })));
    expect(results.map(({ stdout }) => stdout)).toEqual(["1\n", "2\n", "3\n"]);
  });

  test.each(["hang", "unanswered"])(
    "gives `%s` up when its time is over, and the session can be used further",
    async (command) => {
      const { session } = await open();
      await expect(session.run(command, { timeoutMs: 50, signal })).rejects.toMatchObject({
        code: "TIMEOUT",
        message: `the machine did not finish \`${command}\` within 50 ms`,
      });
      expect(await session.run("echo on", { signal })).toMatchObject({ stdout: "on\n" });
    },
  );

  test.each(["hang", "unanswered"])("stops `%s` with the signal's reason", async (command) => {
    const { session } = await open();
    const controller = new AbortController();
    const reason = new Error("interrupted");
    const running = session.run(command, { signal: controller.signal });
    controller.abort(reason);
    await expect(running).rejects.toBe(reason);
  });

  test("fails when the connection breaks, then and afterwards", async () => {
    const { session, cutConnections } = await open();
    const running = session.run("hang", { signal });
    await session.run("true", { signal });
    cutConnections();
    await expect(running).rejects.toMatchObject({ code: "SSH_CONNECTION_LOST" });
    await expect(session.run("true", { signal })).rejects.toMatchObject({
      code: "SSH_CONNECTION_LOST",
    });
    await session.close();
  });

  test("hears of an end that comes in one packet with the beginning", async () => {
    const { port } = await startServer();
    await using session = await openSession(await targetAt(await startBurstyRelay(port)));
    expect(await session.run("brief", { signal })).toMatchObject({ exitCode: 3 });
  });

  test("fails when the command ends without a status", async () => {
    const { session } = await open();
    await expect(session.run("mute", { signal })).rejects.toMatchObject({
      code: "SSH_CONNECTION_LOST",
    });
  });
});
