import { describe, expect, test, vi } from "vitest";
import {
  killMachine,
  restartMachine,
  startMachine,
  stopMachine,
} from "../../../../src/core/machine/power.ts";
import { type CoreWorld, coreWorld, runningMachine } from "../../../support/worlds/core-world.ts";

vi.setConfig({ testTimeout: 30_000 });

const limits = { bootTimeoutMs: 10_000 };

async function worldWithMachine(): Promise<CoreWorld> {
  const world = await coreWorld();
  await runningMachine(world);
  world.provider.calls.length = 0;
  world.steps.length = 0;
  return world;
}

const changes = {
  start: (world: CoreWorld) => startMachine(world.context, "dev", limits),
  stop: (world: CoreWorld) => stopMachine(world.context, "dev"),
  kill: (world: CoreWorld) => killMachine(world.context, "dev"),
  restart: (world: CoreWorld) => restartMachine(world.context, "dev", limits),
};

describe("what is done, by what there is to do", () => {
  test.each([
    { change: "start", power: "running", outcome: "unchanged", calls: [] },
    { change: "start", power: "stopped", outcome: "changed", calls: ["start dev"] },
    { change: "start", power: "suspended", outcome: "changed", calls: ["start dev"] },
    { change: "start", power: "paused", outcome: "changed", calls: ["start dev"] },
    { change: "stop", power: "running", outcome: "changed", calls: ["stop dev"] },
    { change: "stop", power: "stopped", outcome: "unchanged", calls: [] },
    { change: "stop", power: "paused", outcome: "changed", calls: ["stop dev"] },
    { change: "stop", power: "suspended", outcome: "changed", calls: ["stop dev"] },
    { change: "stop", power: "stopping", outcome: "changed", calls: ["stop dev"] },
    { change: "start", power: "crashed", outcome: "changed", calls: ["start dev"] },
    { change: "stop", power: "crashed", outcome: "changed", calls: ["stop dev"] },
    { change: "kill", power: "crashed", outcome: "changed", calls: ["stop dev"] },
    { change: "restart", power: "crashed", outcome: undefined, calls: ["stop dev", "start dev"] },
    { change: "stop", power: "unknown", outcome: "changed", calls: ["stop dev"] },
    { change: "kill", power: "running", outcome: "changed", calls: ["stop dev"] },
    { change: "kill", power: "stopped", outcome: "unchanged", calls: [] },
    { change: "kill", power: "unknown", outcome: "changed", calls: ["stop dev"] },
    { change: "restart", power: "running", outcome: undefined, calls: ["stop dev", "start dev"] },
    { change: "restart", power: "stopped", outcome: undefined, calls: ["start dev"] },
  ] as const)("$change of a machine that is $power: $calls", async (row) => {
    const world = await worldWithMachine();
    if (row.power !== "running") await world.provider.setPower("dev", row.power);
    expect(await changes[row.change](world)).toBe(row.outcome);
    expect(world.provider.calls).toEqual(row.calls);
  });

  test.each(["start", "stop", "kill", "restart"] as const)(
    "%s of a machine whose disk is gone is refused",
    async (change) => {
      const world = await worldWithMachine();
      await world.provider.setPower("dev", "absent");
      await expect(changes[change](world)).rejects.toMatchObject({ code: "INSTANCE_MISSING" });
      expect(world.provider.calls).toEqual([]);
    },
  );

  test.each(["start", "stop", "kill", "restart"] as const)(
    "%s of a machine that nobody made is refused and makes nothing",
    async (change) => {
      const world = await coreWorld();
      await expect(changes[change](world)).rejects.toMatchObject({ code: "MACHINE_NOT_FOUND" });
      expect(await world.context.store.listMachineNames()).toEqual([]);
    },
  );

  test("commands on one machine follow one another, and the second says for whom it waits", async () => {
    const world = await worldWithMachine();
    await Promise.all([changes.restart(world), changes.restart(world)]);
    expect(world.provider.calls).toEqual(["stop dev", "start dev", "stop dev", "start dev"]);
    expect(world.steps).toContain(
      `Waiting for process ${process.pid}, which is changing machine "dev"`,
    );
  });
});

describe("stopping", () => {
  test("powers a guest off that does not heed its power button in time", async () => {
    const world = await worldWithMachine();
    world.provider.heedsPowerButton = false;
    const outcome = await stopMachine(world.context, "dev", { shutdownTimeoutMs: 1 });
    expect(outcome).toBe("changed");
    expect(world.provider.calls).toEqual(["stop dev", "stop dev"]);
    expect(world.details).toContain("it does not shut down; powering it off");
  });

  test("is powered off with a warning when it turns out to have been saved meanwhile", async () => {
    const world = await coreWorld();
    await runningMachine(world);
    world.provider.heedsPowerButton = false;
    await world.provider.setPower("dev", "stopping");
    const stopped = stopMachine(world.context, "dev", { shutdownTimeoutMs: 20_000 });
    await vi.waitFor(() => expect(world.provider.calls.at(-1)).toBe("stop dev"));
    await world.provider.setPower("dev", "suspended");
    expect(await stopped).toBe("changed");
    expect(world.warnings).toEqual([expect.stringContaining("its memory is thrown away")]);
    expect(world.provider.calls.slice(-2)).toEqual(["stop dev", "stop dev"]);
  });

  test("ends with the signal's reason when it is cancelled, the machine on", async () => {
    const world = await worldWithMachine();
    world.provider.heedsPowerButton = false;
    const reason = new Error("the user pressed Ctrl-C");
    const stopping = changes.stop(world);
    await vi.waitUntil(() => world.provider.calls.includes("stop dev"));
    world.abort(reason);
    await expect(stopping).rejects.toBe(reason);
    expect(world.provider.calls).toEqual(["stop dev"]);
  });

  test("passes on why the provider cannot", async () => {
    const world = await worldWithMachine();
    const failure = new Error("no monitor");
    world.provider.failNext("stop", failure);
    await expect(changes.stop(world)).rejects.toBe(failure);
  });
});
