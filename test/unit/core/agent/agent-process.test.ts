import { writeFile } from "node:fs/promises";
import { expect, test, vi } from "vitest";
import { agentFiles } from "../../../../src/core/agent/agent-files.ts";
import { listMachines } from "../../../../src/core/look/list-machines.ts";
import {
  killMachine,
  restartMachine,
  startMachine,
  stopMachine,
} from "../../../../src/core/machine/power.ts";
import { removeMachine } from "../../../../src/core/machine/remove.ts";
import { suspendMachine } from "../../../../src/core/machine/suspend.ts";
import { createFakeProvider } from "../../../support/providers/fake-provider.ts";
import { agentProcess } from "../../../support/worlds/agent-process.ts";
import { type CoreWorld, coreWorld, runningMachine } from "../../../support/worlds/core-world.ts";

vi.setConfig({ testTimeout: 30_000 });

const limits = { bootTimeoutMs: 20_000 };
const all = { names: [], drivers: [], states: [], swarms: [], labels: [] };

test("a machine's agent is started with the machine, once its engine has answered", async () => {
  const world = await coreWorld();
  await runningMachine(world);
  expect(world.agents).toEqual(["dev"]);
  await world.provider.setPower("dev", "stopped");
  await startMachine(world.context, "dev", limits);
  await restartMachine(world.context, "dev", limits);
  expect(world.agents).toEqual(["dev", "dev", "dev"]);
});

test.each([
  ["stop", (world: CoreWorld) => stopMachine(world.context, "dev")],
  ["kill", (world: CoreWorld) => killMachine(world.context, "dev")],
  ["suspend", (world: CoreWorld) => suspendMachine(world.context, "dev")],
  ["rm", (world: CoreWorld) => removeMachine(world.context, "dev", { force: false })],
])("the agent has ended when `%s` has", async (_, end) => {
  const world = await coreWorld();
  await runningMachine(world);
  const { ended } = await agentProcess(world);
  await end(world);
  expect(await ended).toEqual([null, "SIGTERM"]);
});

test("an agent that does not end when asked is killed", async () => {
  const world = await coreWorld();
  await runningMachine(world);
  const { ended } = await agentProcess(world, { isStubborn: true });
  await stopMachine(world.context, "dev");
  expect(await ended).toEqual([null, "SIGKILL"]);
});

test("an agent that is at work is left alone, one that is gone is started by `ls` and `start`", async () => {
  const world = await coreWorld();
  await runningMachine(world);
  const look = () =>
    listMachines(world.context, { filters: all, timeoutMs: 10_000, wanted: "status and engine" });
  await look();
  await startMachine(world.context, "dev", limits);
  expect(world.agents).toEqual(["dev", "dev", "dev"]);
  await agentProcess(world);
  await look();
  expect(world.agents).toHaveLength(3);
});

test("`ls` tells of ports that are closed, as long as the agent runs that has noted it", async () => {
  const world = await coreWorld();
  await runningMachine(world);
  const { terminate } = await agentProcess(world);
  const { notes } = agentFiles(world.context.store.machineLayout("dev").directory);
  const problem = { forward: "tcp 127.0.0.1 80", container: "web", problem: "is in use" };
  await writeFile(notes, JSON.stringify({ problems: [problem] }));
  const look = async () => {
    const wanted = "status and engine";
    const [row] = await listMachines(world.context, { filters: all, timeoutMs: 10_000, wanted });
    return row;
  };
  const row = await look();
  expect(row?.error).toBe("1 published port is closed: see `tsmachine ports dev`");
  expect(row?.engineVersion).toMatch(/^v/);
  await terminate();
  expect((await look())?.error).toBe("");
});

test("a provider whose machines have addresses of their own needs no agents", async () => {
  const provider = createFakeProvider({ capabilities: { forwards: false } });
  const world = await coreWorld({ provider });
  await runningMachine(world);
  expect(world.agents).toEqual([]);
});

test("an agent that cannot be started is a warning, not a failure", async () => {
  const world = await coreWorld();
  const broken = async () => {
    throw new Error("no more processes");
  };
  await runningMachine({ ...world, context: { ...world.context, spawnAgent: broken } });
  expect(world.warnings).toEqual([
    'published ports of machine "dev" do not open: no more processes',
  ]);
});
