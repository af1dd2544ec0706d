import { once } from "node:events";
import { createServer } from "node:net";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import * as z from "zod";
import { poll } from "../../src/host/poll.ts";
import { freeLoopbackPorts } from "../../src/host/ports.ts";
import { agentsOf } from "../support/machines/agents.ts";
import { createTestMachine, type TestMachine } from "../support/machines/machine.ts";
import { importTinyImage, tinyImage } from "../support/machines/machine-rootfs.ts";
import { killProcess } from "../support/machines/tsmachine-processes.ts";
import { startUdpEcho } from "../support/machines/udp-echo.ts";
import { askEcho, isAnswering, isBound } from "../support/network/published-port.ts";

let machine: TestMachine;
beforeAll(async () => {
  machine = await createTestMachine();
  await importTinyImage(machine);
  return () => machine[Symbol.asyncDispose]();
});

/** The promise is a second; a machine that is emulated on a busy host gets some more. */
const soonMs = 5_000;
/** Once the engine, or the machine, is up again. */
const backMs = 10_000;
/** Until it is. */
const againMs = 4 * 60_000;

const until = (what: string, probe: () => Promise<boolean>, timeoutMs: number) =>
  poll(async () => ((await probe()) ? true : undefined), {
    ...{
      waitingFor: what,
      everyMs: 50,
      timeoutMs,
      signal: AbortSignal.timeout(timeoutMs + 10_000),
    },
  });
const untilOpen = (port: number, timeoutMs = soonMs) =>
  until(`port ${port} to answer`, () => isAnswering(port), timeoutMs);
const untilShut = (port: number, protocol: "tcp" | "udp" = "tcp") =>
  until(`port ${port} to be free`, async () => !(await isBound(port, protocol)), soonMs);

/** A container with a web server. */
async function serve(name: string, flags: string): Promise<void> {
  await docker(`run -d --name ${name} ${flags} ${tinyImage} httpd -f -p 80 -h /www`);
}

async function docker(args: string): Promise<string> {
  const { stdout, stderr, exitCode } = await machine.shell(`docker ${args}`);
  if (exitCode !== 0) throw new Error(`docker ${args}: ${stderr}`);
  return stdout.trim();
}

const rowsSchema = z.array(
  z.object({
    ...{ container: z.string(), port: z.string(), address: z.string(), state: z.string() },
    problem: z.string().optional(),
  }),
);

async function portsOf({ store, name }: TestMachine) {
  const { stdout } = await store.tsmachine("ports", "--json", name);
  return rowsSchema.parse(JSON.parse(stdout));
}

async function freePort(): Promise<number> {
  const [port = 0] = await freeLoopbackPorts(1);
  return port;
}

/** The port of the container that is always restarted, which the later tests look at again. */
let lasting = 0;

describe("a port that docker publishes", () => {
  test("answers on this host, and is gone with its container", async () => {
    const port = await freePort();
    await serve("web", `-p ${port}:80`);
    await untilOpen(port);
    expect(await portsOf(machine)).toEqual([
      { container: "web", port: "80/tcp", address: `127.0.0.1:${port}`, state: "open" },
    ]);
    expect(await isBound(port)).toBe(true);
    await docker("kill web");
    await untilShut(port);
    expect(await portsOf(machine)).toEqual([]);
  });

  test("answers where docker was told to bind it to 127.0.0.1", async () => {
    const port = await freePort();
    await serve("local", `-p 127.0.0.1:${port}:80`);
    await untilOpen(port);
    await docker("kill local");
    await untilShut(port);
  });

  test.skipIf(process.arch !== "x64")("carries UDP", async () => {
    const port = await freePort();
    await startUdpEcho(machine, { name: "echo", flags: `-p ${port}:7/udp` });
    await until("an echo", async () => (await askEcho(port, "hello")) === "hello", soonMs);
    expect(await isBound(port, "udp")).toBe(true);
    await docker("kill echo");
    await untilShut(port, "udp");
    expect(await askEcho(port, "hello")).toBeUndefined();
  });

  test("comes back with a container that ends and is restarted", async () => {
    lasting = await freePort();
    const script = "httpd -p 80 -h /www; until [ -e /die ]; do sleep 0.1; done; rm /die; exit 1";
    await docker(
      `run -d --restart always --name lasting -p ${lasting}:80 ${tinyImage} sh -c '${script}'`,
    );
    await untilOpen(lasting);
    await docker("exec lasting touch /die");
    const restarts = () => docker("inspect --format {{.RestartCount}} lasting");
    await until("the restart", async () => (await restarts()) === "1", againMs);
    await untilOpen(lasting, againMs);
  });

  test("is told of when this host has given it away, opens later, and hinders no other", async () => {
    const [taken, other] = [await freePort(), await freePort()];
    const occupant = createServer().listen(taken, "127.0.0.1");
    onTestFinished(() => void occupant.close());
    await once(occupant, "listening");
    await serve("both", `-p ${taken}:80 -p ${other}:80`);
    await untilOpen(other);
    expect(await portsOf(machine)).toContainEqual({
      ...{ container: "both", port: "80/tcp", address: `127.0.0.1:${taken}`, state: "closed" },
      problem: `port ${taken}/tcp of 127.0.0.1 is in use by another program`,
    });
    expect((await machine.store.tsmachine("ls")).stdout).toContain("1 published port is closed");
    occupant.close();
    await untilOpen(taken, 20_000);
    expect((await machine.store.tsmachine("ls")).stdout).not.toContain("published port");
    await docker("kill both");
  });
});

describe("the agent", () => {
  test("is one small process", async () => {
    const [agent, ...others] = await agentsOf(machine);
    expect(others).toEqual([]);
    expect(agent?.residentBytes).toBeLessThan(60_000_000);
  });

  test("is started again by the next `ls` when it was killed", async () => {
    const [agent] = await agentsOf(machine);
    if (agent === undefined) throw new Error("there is no agent");
    await killProcess(agent.identity);
    const port = await freePort();
    await serve("late", `-p ${port}:80`);
    expect(await isAnswering(port)).toBe(false);
    expect(await isAnswering(lasting)).toBe(true);
    await machine.store.tsmachine("ls");
    await untilOpen(port);
    expect(await agentsOf(machine)).toHaveLength(1);
    await docker("kill late");
  });

  test("goes on with an engine that was killed", async () => {
    await machine.guest("sudo kill -9 $(pidof dockerd)");
    await until(
      "the engine",
      async () => (await machine.shell("docker ps")).exitCode === 0,
      againMs,
    );
    await untilOpen(lasting, backMs);
    const port = await freePort();
    await serve("after", `-p ${port}:80`);
    await untilOpen(port);
    await docker("kill after");
    await untilShut(port);
  });
});

describe("a machine's end", () => {
  test("leaves no port and no agent when it is stopped, and its start brings both back", async () => {
    await machine.store.tsmachine("stop", machine.name);
    expect(await isBound(lasting)).toBe(false);
    expect(await agentsOf(machine)).toEqual([]);
    const { exitCode } = await machine.store.tsmachine("start", machine.name);
    expect(exitCode).toBe(0);
    await untilOpen(lasting, backMs);
    expect(await agentsOf(machine)).toHaveLength(1);
  });

  test("leaves no port and no agent when it is removed while it runs", async () => {
    expect(await isBound(lasting)).toBe(true);
    await machine.store.tsmachine("rm", "-y", machine.name);
    expect(await isBound(lasting)).toBe(false);
    expect(await agentsOf(machine)).toEqual([]);
  });
});
