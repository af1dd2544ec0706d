import { describe, expect, test, vi } from "vitest";
import { startMachine } from "../../../../../src/core/machine/power.ts";
import { restoreSnapshot, takeSnapshot } from "../../../../../src/core/machine/snapshots.ts";
import { fakeEngineOffer } from "../../../../support/images/fake-images.ts";
import { upgradeWorld } from "../../../../support/worlds/upgrade-world.ts";

vi.setConfig({ testTimeout: 30_000 });

describe("upgrading", () => {
  test("gives the machine the new engine and keeps everything else", async () => {
    const world = await upgradeWorld();
    const { context, before } = world;
    const files = await context.store.readMachineFiles("dev");
    world.offer("27.0.1");
    expect(await world.upgrade()).toEqual({
      ...{ name: "dev", outcome: "upgraded", from: "26.1.5", to: "27.0.1" },
    });
    const { images, ...rest } = await world.record();
    const { images: former, ...restBefore } = before;
    expect(rest).toEqual(restBefore);
    expect(images).toEqual({
      ...{ ...former, engine: expect.not.stringMatching(former.engine) },
      previousEngine: former.engine,
    });
    const { imageLocks: _locks, ...kept } = files;
    expect(await context.store.readMachineFiles("dev")).toMatchObject(kept);
    expect(world.provider.calls).toEqual(["stop dev", "start dev"]);
    expect(world.provider.places.at(-1)?.images?.engineImage).toContain(images.engine);
  });

  test("prepares the image before it stops the machine", async () => {
    const world = await upgradeWorld();
    world.offer("27.0.1");
    await world.upgrade();
    expect(world.steps).toEqual([
      "Preparing the engine image",
      "Checking the images",
      'Stopping machine "dev"',
      'Starting machine "dev"',
      "Waiting for the engine",
    ]);
  });

  test("leaves a machine off that was off, once its new engine has answered", async () => {
    const world = await upgradeWorld();
    await world.provider.setPower("dev", "stopped");
    world.offer("27.0.1");
    expect(await world.upgrade()).toMatchObject({ outcome: "upgraded" });
    expect(world.provider.calls).toEqual(["start dev", "stop dev"]);
  });

  test("does nothing when there is nothing newer", async () => {
    const world = await upgradeWorld();
    expect(await world.upgrade()).toEqual({
      ...{ name: "dev", outcome: "unchanged", from: "26.1.5", to: "26.1.5" },
    });
    expect(await world.record()).toEqual(world.before);
    expect(world.provider.calls).toEqual([]);
  });

  test("goes back to an older engine only when that is chosen", async () => {
    const world = await upgradeWorld();
    world.offer("25.0.5");
    expect(await world.upgrade()).toMatchObject({ outcome: "unchanged", to: "26.1.5" });
    world.packages.otherEngines = [fakeEngineOffer("25.0.5", "trixie")];
    const chosen = await world.upgrade({ engine: { kind: "choice", text: "25.0" } });
    expect(chosen).toMatchObject({ outcome: "upgraded", from: "26.1.5", to: "25.0.5" });
  });

  test("takes newer packages of the same engine", async () => {
    const world = await upgradeWorld();
    world.packages.packages = world.packages.packages.map((item) =>
      item.name === "ca-certificates" ? { ...item, version: "20261101" } : item,
    );
    expect(await world.upgrade()).toMatchObject({
      ...{ outcome: "upgraded", from: "26.1.5", to: "26.1.5" },
    });
  });

  test("remembers what both engines are made of", async () => {
    const world = await upgradeWorld();
    world.offer("27.0.1");
    await world.upgrade();
    await world.provider.setPower("dev", "stopped");
    await world.loseEngineImages();
    await startMachine(world.context, "dev", { bootTimeoutMs: 10_000 });
    const { engine } = (await world.record()).images;
    expect(world.provider.places.at(-1)?.images?.engineImage).toContain(engine);
    const { imageLocks } = await world.context.store.readMachineFiles("dev");
    expect(JSON.parse(imageLocks ?? "")).toMatchObject({
      images: [{ kind: "boot" }, { kind: "engine" }],
      former: [{ kind: "engine" }],
    });
  });
});

test("what a snapshot's engine is made of is remembered through further upgrades", async () => {
  const world = await upgradeWorld();
  const { context } = world;
  await takeSnapshot(context, "dev", "old");
  for (const version of ["27.0.1", "27.0.2"]) {
    world.offer(version);
    expect(await world.upgrade()).toMatchObject({ outcome: "upgraded", to: version });
  }
  await world.loseEngineImages();
  await restoreSnapshot(context, "dev", "old");
  expect((await world.record()).images).toEqual(world.before.images);
});

describe("an upgrade is refused", () => {
  test("for a kernel that lacks what the engine needs, and nothing is stopped", async () => {
    const world = await upgradeWorld();
    world.offer("28.5.2");
    await expect(world.upgrade()).rejects.toMatchObject({
      code: "KERNEL_UNSUITABLE",
      message:
        "engine 28.5.2 does not work on kernel 6.12.1-cloud-amd64, which lacks CONFIG_Y or CONFIG_Z: no container starts",
    });
    expect(await world.record()).toEqual(world.before);
    expect(world.provider.calls).toEqual([]);
  });

  test("for a machine whose creation was interrupted", async () => {
    const world = await upgradeWorld();
    await world.context.store.writeMachine({ ...world.before, phase: "creating" });
    await expect(world.upgrade()).rejects.toMatchObject({ code: "MACHINE_INCOMPLETE" });
  });

  test("for a machine that has lost its disk", async () => {
    const world = await upgradeWorld();
    world.offer("27.0.1");
    await world.provider.setPower("dev", "absent");
    await expect(world.upgrade()).rejects.toMatchObject({ code: "INSTANCE_MISSING" });
    expect(await world.record()).toEqual(world.before);
  });

  test("for no machine", async () => {
    const world = await upgradeWorld();
    await world.context.store.removeMachine("dev");
    await expect(world.upgrade()).rejects.toMatchObject({ code: "MACHINE_NOT_FOUND" });
  });
});
