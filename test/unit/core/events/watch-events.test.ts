import { once } from "node:events";
import { createServer } from "node:https";
import { expect, onTestFinished, test, vi } from "vitest";
import {
  type EventWatch,
  type MachineEvent,
  watchEvents,
} from "../../../../src/core/events/watch-events.ts";
import { openMachine } from "../../../../src/core/machine/open-machine.ts";
import { removeMachine } from "../../../../src/core/machine/remove.ts";
import { type CoreWorld, coreWorld, runningMachine } from "../../../support/worlds/core-world.ts";

vi.setConfig({ testTimeout: 30_000 });

function watchWorld({ context }: CoreWorld, changes: Partial<EventWatch> = {}) {
  const controller = new AbortController();
  const events: MachineEvent[] = [];
  const watching = watchEvents(
    { ...context, signal: controller.signal },
    {
      ...{ names: undefined, since: undefined, hasEngines: false, everyMs: 5, timeoutMs: 500 },
      onEvent: (event) => events.push(event),
      ...changes,
    },
  );
  const ended = watching.catch((error: unknown) => error);
  onTestFinished(async () => {
    controller.abort();
    await ended;
  });
  const told = () =>
    events.map(({ machine, event, detail }) => `${machine} ${event} ${detail}`.trim());
  return {
    ...{ events, told, ended, controller },
    until: (wanted: string[]) => vi.waitFor(() => expect(told()).toEqual(wanted), 10_000),
    untilTold: (wanted: string) => vi.waitFor(() => expect(told()).toContain(wanted), 10_000),
  };
}

/** Watched by now: what it does next is told. */
async function untilWatched({ provider }: CoreWorld): Promise<void> {
  const former = provider.places.length;
  await vi.waitFor(() => expect(provider.places.length).toBeGreaterThan(former + 4), 10_000);
}

async function start({ context }: CoreWorld, name: string): Promise<void> {
  const { instance } = await openMachine(context, name);
  await instance.start({ signal: context.signal, report: () => {} });
}

/** One that goes on without the machine "dev" as somebody's own host does, in place of the provider's. */
async function endlessEngine({ context: { store } }: CoreWorld) {
  const { serverCertificate: cert, serverKey: key } = await store.readMachineFiles("dev");
  let streams = 0;
  const server = createServer({ cert, key }, (_request, response) => {
    streams += 1;
    response.write("\n");
  }).listen(0, "127.0.0.1");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("it has no port");
  const record = await store.readMachine("dev");
  const endpoint = { ...record.endpoint, address: "127.0.0.1", dockerPort: address.port };
  await store.writeMachine({ ...record, endpoint });
  return { streams: () => streams };
}

test("what becomes of a machine is told, and not how it was before", async () => {
  const world = await coreWorld();
  await runningMachine(world);
  const { until, untilTold, told } = watchWorld(world);
  await untilWatched(world);
  expect(told()).toEqual([]);
  await world.provider.setPower("dev", "suspended");
  await until(["dev suspended"]);
  await start(world, "dev");
  await untilTold("dev started");
  await removeMachine(world.context, "dev", { force: true });
  await untilTold("dev removed");
});

test("a machine that appears is watched from its creation on", async () => {
  const world = await coreWorld();
  const { untilTold, told } = watchWorld(world);
  await runningMachine(world, { name: "late" });
  await untilTold("late created");
  await untilTold("late started");
  expect(told().filter((line) => line === "late created")).toHaveLength(1);
});

test("a machine that hangs is as it was, and keeps no other from being told of", async () => {
  const world = await coreWorld();
  await runningMachine(world, { name: "slow" });
  await runningMachine(world, { name: "good" });
  const { until } = watchWorld(world, { timeoutMs: 50 });
  await untilWatched(world);
  world.provider.hang("slow");
  await world.provider.setPower("good", "stopped");
  await until(["good stopped"]);
});

test("machines that are not named are not told of; when they were made is told from then on", async () => {
  const world = await coreWorld();
  await runningMachine(world);
  await runningMachine(world, { name: "other" });
  const { until } = watchWorld(world, { names: ["dev"], since: new Date(0) });
  await until(["dev created"]);
});

test("an engine's events are told as they come, also of one that hung up", async () => {
  const world = await coreWorld();
  await runningMachine(world);
  const { untilTold, events } = watchWorld(world, { hasEngines: true });
  const tell = (Action: string, time: number) =>
    world.provider.engineOf("dev").tell({
      ...{ Type: "container", Action, time },
      Actor: { ID: "4c0f", Attributes: { name: "web" } },
    });
  const untilHeard = (action: string, time: number) =>
    vi.waitFor(() => {
      tell(action, time);
      expect(events.map(({ event }) => event)).toContain(`container ${action}`);
    }, 10_000);
  await untilHeard("start", 1_769_860_800);
  world.provider.engineOf("dev").hangUp();
  await untilHeard("die", 1_769_860_801);
  await untilTold("dev container die web");
  expect(events[0]).toMatchObject({ source: "engine", machine: "dev" });
});

test("a machine whose engine outlived the one before is watched again", async () => {
  const world = await coreWorld();
  await runningMachine(world);
  const engine = await endlessEngine(world);
  const { untilTold } = watchWorld(world, { hasEngines: true });
  await vi.waitFor(() => expect(engine.streams()).toBe(1), 10_000);
  await removeMachine(world.context, "dev", { force: true });
  await untilTold("dev removed");
  await runningMachine(world);
  await untilTold("dev created");
});

test("it ends when the user says so, whatever hangs", async () => {
  const world = await coreWorld();
  await runningMachine(world);
  const { controller, ended } = watchWorld(world, { hasEngines: true, timeoutMs: 60_000 });
  await untilWatched(world);
  world.provider.hang("dev");
  const reason = new Error("Ctrl-C");
  controller.abort(reason);
  expect(await ended).toBe(reason);
});
