import { writeFile } from "node:fs/promises";
import { expect, test, vi } from "vitest";
import { portsCommand } from "../../../../src/cli/commands/look/ports.ts";
import { agentFiles } from "../../../../src/core/agent/agent-files.ts";
import { openMachine } from "../../../../src/core/machine/open-machine.ts";
import { createFakeProvider } from "../../../support/providers/fake-provider.ts";
import { agentProcess } from "../../../support/worlds/agent-process.ts";
import { runCommand } from "../../../support/worlds/cli-world.ts";
import { type CoreWorld, coreWorld, runningMachine } from "../../../support/worlds/core-world.ts";

vi.setConfig({ testTimeout: 30_000 });

const web = { name: "web", ports: [{ host: 8080, container: 80 }] };
const local = { name: "db", ports: [{ host: 5432, container: 5432, ip: "127.0.0.1" }] };

/** As the agent would add it. */
async function addForward({ context }: CoreWorld, hostPort: number): Promise<void> {
  const { instance } = await openMachine(context, "dev");
  await instance.forwards?.add(
    {
      ...{ protocol: "tcp", hostAddress: "127.0.0.1", hostPort, guestPort: hostPort },
      guestSide: "all",
    },
    { signal: context.signal, report: () => {} },
  );
}

async function noteProblem({ context }: CoreWorld, forward: string): Promise<void> {
  await agentProcess({ context });
  const { notes } = agentFiles(context.store.machineLayout("dev").directory);
  const problem = "port 8080/tcp of 127.0.0.1 is in use by another program";
  await writeFile(notes, JSON.stringify({ problems: [{ forward, container: "web", problem }] }));
}

test("a port that is open is listed with the address that leads to it, and the agent is seen to", async () => {
  const world = await coreWorld();
  await runningMachine(world);
  world.provider.engineOf("dev").setContainers([web]);
  await addForward(world, 8080);
  expect(await runCommand(world, portsCommand, ["dev"])).toMatchObject({
    stdout:
      "CONTAINER   PORT     HOST ADDRESS     STATE\n" +
      "web         80/tcp   127.0.0.1:8080   open\n",
  });
  expect(world.agents).toEqual(["dev", "dev"]);
});

test("a port that this host has given away is listed with the reason, also as JSON", async () => {
  const world = await coreWorld();
  await runningMachine(world);
  world.provider.engineOf("dev").setContainers([web]);
  await noteProblem(world, "tcp 127.0.0.1 8080");
  const { stdout } = await runCommand(world, portsCommand, ["dev"]);
  expect(stdout).toContain("closed: port 8080/tcp of 127.0.0.1 is in use by another program");
  const { stdout: json } = await runCommand(world, portsCommand, ["dev", "--json"]);
  expect(JSON.parse(json)).toEqual([
    {
      ...{ container: "web", port: "80/tcp", containerPort: 80, protocol: "tcp" },
      ...{ hostAddress: "127.0.0.1", hostPort: 8080, address: "127.0.0.1:8080" },
      ...{ state: "closed", problem: "port 8080/tcp of 127.0.0.1 is in use by another program" },
    },
  ]);
});

test("a port is waited for while the agent opens it", async () => {
  const world = await coreWorld();
  await runningMachine(world);
  world.provider.engineOf("dev").setContainers([web]);
  const listed = runCommand(world, portsCommand, ["dev"]);
  setTimeout(() => void addForward(world, 8080), 200);
  expect((await listed).stdout).toMatch(/ open$/m);
});

test("a port that nobody opens is given up, and said to be opening", async () => {
  const world = await coreWorld();
  await runningMachine(world);
  world.provider.engineOf("dev").setContainers([web]);
  expect((await runCommand(world, portsCommand, ["dev"])).stdout).toMatch(/ opening$/m);
});

test("ports of a machine that nothing forwards to, and which is at this host's own address, are closed", async () => {
  const world = await coreWorld({
    provider: createFakeProvider({ capabilities: { forwards: false } }),
  });
  await runningMachine(world);
  world.provider.engineOf("dev").setContainers([web, local]);
  const { stdout } = await runCommand(world, portsCommand, ["dev"]);
  expect(stdout).toMatch(/^web .* closed: it is reached through SSH alone: /m);
  expect(stdout).toMatch(/^db .* closed: /m);
});

test("a machine that is off has no ports", async () => {
  const world = await coreWorld();
  await runningMachine(world);
  await world.provider.setPower("dev", "stopped");
  await expect(runCommand(world, portsCommand, ["dev"])).rejects.toMatchObject({
    code: "MACHINE_NOT_RUNNING",
  });
});
