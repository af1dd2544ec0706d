import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import { agentFiles, readAgentNotes } from "../../../../src/core/agent/agent-files.ts";
import { type AgentLimits, runAgent } from "../../../../src/core/agent/run-agent.ts";
import type { CreateRequest } from "../../../../src/core/machine/create.ts";
import { openMachine } from "../../../../src/core/machine/open-machine.ts";
import { poll } from "../../../../src/host/poll.ts";
import type { Forward } from "../../../../src/providers/provider.ts";
import { type CoreWorld, coreWorld, runningMachine } from "../../../support/worlds/core-world.ts";

vi.setConfig({ testTimeout: 30_000 });

/** So quiet that only events make it look; quick to notice all else. */
const limits: AgentLimits = {
  ...{ answerMs: 5_000, quietMs: 60_000, retryMs: 20, settleMs: [10, 20, 40] },
  ...{ firstPauseMs: 10, longestPauseMs: 50 },
};

const web = { name: "web", ports: [{ host: 8080, container: 80 }] };

function forward(hostPort: number, changes: Partial<Forward> = {}): Forward {
  const ends = { hostAddress: "127.0.0.1", hostPort, guestPort: hostPort };
  return { protocol: "tcp", ...ends, guestSide: "all", ...changes };
}

/** A machine that runs, and an agent at work for it in this process. */
async function attended(request: Partial<CreateRequest> = {}) {
  const world = await coreWorld();
  await runningMachine(world, request);
  return { ...world, ...startAgent(world) };
}

function startAgent({ context }: CoreWorld, changes: Partial<AgentLimits> = {}) {
  const killed = new AbortController();
  const lines: string[] = [];
  const agent = runAgent(
    { ...context, signal: killed.signal, log: (line) => lines.push(line) },
    "dev",
    { ...limits, ...changes },
  );
  const ended = agent.catch((error: unknown) => {
    if (!killed.signal.aborted) throw error;
  });
  const terminate = async () => {
    killed.abort();
    await ended;
  };
  onTestFinished(terminate);
  return { lines, ended, terminate };
}

async function untilForwards({ provider }: Pick<CoreWorld, "provider">, wanted: Forward[]) {
  const probe = async () => {
    const found = JSON.stringify(provider.forwardsOf("dev"));
    return found === JSON.stringify(wanted) ? true : undefined;
  };
  const signal = AbortSignal.timeout(20_000);
  await poll(probe, { waitingFor: "the forwards", everyMs: 5, timeoutMs: 15_000, signal });
}

const filesOf = ({ context }: Pick<CoreWorld, "context">) =>
  agentFiles(context.store.machineLayout("dev").directory);

test("ports open and close with their containers", async () => {
  const world = await attended();
  const engine = world.provider.engineOf("dev");
  engine.setContainers([web, { name: "dns", ports: [{ host: 53, container: 53, type: "udp" }] }]);
  await untilForwards(world, [forward(8080), forward(53, { protocol: "udp" })]);
  engine.setContainers([web]);
  await untilForwards(world, [forward(8080)]);
  engine.setContainers([]);
  await untilForwards(world, []);
});

test("a port closes with its container also where the engine's list learns of it late", async () => {
  const world = await attended();
  const engine = world.provider.engineOf("dev");
  engine.setContainers([web]);
  await untilForwards(world, [forward(8080)]);
  engine.setContainers([], { looksUntilListed: 3 });
  await untilForwards(world, []);
});

test("ports are bound where docker was asked, else where `create` was", async () => {
  const world = await attended({ publishAddress: "0.0.0.0" });
  const local = { name: "db", ports: [{ host: 5432, container: 5432, ip: "127.0.0.1" }] };
  world.provider.engineOf("dev").setContainers([web, local]);
  await untilForwards(world, [
    forward(8080, { hostAddress: "0.0.0.0" }),
    forward(5432, { guestSide: "loopback" }),
  ]);
});

test("a port that is taken is noted and hinders no other, and opens once it is free", async () => {
  const world = await attended();
  world.provider.takenPorts.add(8080);
  const two = { name: "web", ports: [...web.ports, { host: 8443, container: 443 }] };
  world.provider.engineOf("dev").setContainers([two]);
  await untilForwards(world, [forward(8443)]);
  const files = filesOf(world);
  await vi.waitFor(async () =>
    expect(await readAgentNotes(files)).toEqual({
      problems: [
        {
          ...{ forward: "tcp 127.0.0.1 8080", container: "web" },
          problem: "port 8080/tcp of 127.0.0.1 is in use by another program",
        },
      ],
    }),
  );
  world.provider.takenPorts.clear();
  await untilForwards(world, [forward(8443), forward(8080)]);
  await vi.waitFor(async () => expect(await readAgentNotes(files)).toEqual({ problems: [] }));
  expect(world.lines).toEqual(["web: port 8080/tcp of 127.0.0.1 is in use by another program"]);
});

test("an engine that hangs up, or is gone for a while, is followed again", async () => {
  const world = await attended();
  const { provider } = world;
  provider.engineOf("dev").setContainers([web]);
  await untilForwards(world, [forward(8080)]);
  provider.engineOf("dev").hangUp();
  provider.engineOf("dev").setContainers([]);
  await untilForwards(world, []);
  await provider.endEngine("dev");
  await vi.waitFor(() => expect(world.lines.join("\n")).toMatch(/does not answer/));
  const { instance } = await openMachine(world.context, "dev");
  await instance.start({ signal: world.context.signal, report: () => {} });
  provider.engineOf("dev").setContainers([web]);
  await untilForwards(world, [forward(8080)]);
});

test("a machine that was off and is on again gets its ports back", async () => {
  const world = await attended();
  world.provider.engineOf("dev").setContainers([web]);
  await untilForwards(world, [forward(8080)]);
  await world.provider.setPower("dev", "suspended");
  expect(world.provider.forwardsOf("dev")).toEqual([]);
  const { instance } = await openMachine(world.context, "dev");
  await instance.start({ signal: world.context.signal, report: () => {} });
  world.provider.engineOf("dev").setContainers([web]);
  await untilForwards(world, [forward(8080)]);
});

test("the agent ends with its machine's power and leaves none of its files", async () => {
  const world = await attended();
  world.provider.engineOf("dev").setContainers([web]);
  await untilForwards(world, [forward(8080)]);
  await world.provider.setPower("dev", "stopped");
  await world.ended;
  const { lock, notes } = filesOf(world);
  for (const path of [lock, notes]) await expect(stat(path)).rejects.toThrow("ENOENT");
});

test("the agent ends with its machine's folder", async () => {
  const world = await attended();
  await vi.waitFor(async () => expect(await readFile(filesOf(world).notes, "utf8")).toBeTruthy());
  await rm(world.context.store.machineLayout("dev").directory, { recursive: true });
  world.provider.engineOf("dev").hangUp();
  await world.ended;
});

test("a second agent ends at once and leaves the first alone", async () => {
  const world = await attended();
  await vi.waitFor(async () => expect(await readFile(filesOf(world).lock, "utf8")).toBeTruthy());
  await startAgent(world).ended;
  world.provider.engineOf("dev").setContainers([web]);
  await untilForwards(world, [forward(8080)]);
});

test("what an agent that was killed has left is taken over: its lock, and forwards of containers that are gone", async () => {
  const world = await coreWorld();
  await runningMachine(world);
  const { instance } = await openMachine(world.context, "dev");
  await instance.forwards?.add(forward(9999), { signal: world.context.signal, report: () => {} });
  const dead = { pid: 1, startedAt: "an earlier boot/1", token: "00000000" };
  await writeFile(filesOf(world).lock, JSON.stringify(dead));
  world.provider.engineOf("dev").setContainers([web]);
  startAgent(world);
  await untilForwards(world, [forward(8080)]);
});

test("a list that no event has announced is read all the same, in time", async () => {
  const world = await coreWorld();
  await runningMachine(world);
  startAgent(world, { quietMs: 20 });
  world.provider.engineOf("dev").setContainers([web]);
  await untilForwards(world, [forward(8080)]);
  const { instance } = await openMachine(world.context, "dev");
  const operation = { signal: world.context.signal, report: () => {} };
  await instance.forwards?.remove(forward(8080), operation);
  await untilForwards(world, [forward(8080)]);
});
