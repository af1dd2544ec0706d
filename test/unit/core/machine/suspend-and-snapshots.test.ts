import { stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { startMachine, stopMachine } from "../../../../src/core/machine/power.ts";
import { provisionMachine } from "../../../../src/core/machine/provision/provision.ts";
import { regenerateCertificates } from "../../../../src/core/machine/provision/regenerate-certificates.ts";
import {
  listSnapshots,
  removeSnapshot,
  restoreSnapshot,
  takeSnapshot,
} from "../../../../src/core/machine/snapshots.ts";
import { suspendMachine } from "../../../../src/core/machine/suspend.ts";
import { createFakeProvider } from "../../../support/providers/fake-provider.ts";
import { coreWorld, runningMachine } from "../../../support/worlds/core-world.ts";

vi.setConfig({ testTimeout: 60_000 });

const limits = { bootTimeoutMs: 20_000 };

describe("a machine that runs", () => {
  test("is suspended once, and goes on at its next start", async () => {
    const world = await coreWorld();
    await runningMachine(world, { name: "dev" });
    expect(await suspendMachine(world.context, "dev")).toBe("changed");
    expect(await suspendMachine(world.context, "dev")).toBe("unchanged");
    expect(await startMachine(world.context, "dev", limits)).toBe("changed");
  });

  test("is not given another seed image to go on with, as its hypervisor may hold the file", async () => {
    const world = await coreWorld();
    await runningMachine(world, { name: "dev" });
    const seed = join(world.context.store.machineLayout("dev").directory, "seed.iso");
    await suspendMachine(world.context, "dev");
    const { ino } = await stat(seed);
    await startMachine(world.context, "dev", limits);
    expect((await stat(seed)).ino).toBe(ino);
  });

  test.each([
    ["", "is empty"],
    ["a\nb", "has a control character"],
    ["\u001b[2J", "has a control character"],
  ])("is kept by no label that no list could show: %j", async (label, problem) => {
    const world = await coreWorld();
    await runningMachine(world, { name: "dev" });
    await expect(takeSnapshot(world.context, "dev", label)).rejects.toMatchObject({
      ...{ code: "INVALID_INPUT", message: `the label of a snapshot ${problem}` },
      hints: [expect.stringMatching(/^choose another/)],
    });
    expect(world.provider.calls).not.toContain("take dev");
    const restored = restoreSnapshot(world.context, "dev", label);
    await expect(restored).rejects.toThrow("has no snapshot");
    await expect(removeSnapshot(world.context, "dev", label)).rejects.toThrow("has no snapshot");
  });

  test("keeps snapshots by their labels", async () => {
    const world = await coreWorld();
    await runningMachine(world, { name: "dev" });
    await takeSnapshot(world.context, "dev", "clean");
    expect(await listSnapshots(world.context, "dev")).toEqual(["clean"]);
    await restoreSnapshot(world.context, "dev", "clean");
    await removeSnapshot(world.context, "dev", "clean");
    expect(await listSnapshots(world.context, "dev")).toEqual([]);
    expect(world.provider.calls.slice(-3)).toEqual(["take dev", "restore dev", "forget dev"]);
  });
});

describe("a snapshot of a machine that was given other images since", () => {
  async function upgradedSinceSnapshot() {
    const world = await coreWorld();
    const { images } = await runningMachine(world, { name: "dev" });
    await takeSnapshot(world.context, "dev", "before");
    const { store } = world.context;
    const other = { ...images, engine: "0123456789abcdef" };
    await store.writeMachine({ ...(await store.readMachine("dev")), images: other });
    return { ...world, images };
  }

  test("brings back those that it had", async () => {
    const { context, images, provider } = await upgradedSinceSnapshot();
    await restoreSnapshot(context, "dev", "before");
    expect((await context.store.readMachine("dev")).images).toEqual(images);
    expect(provider.calls.at(-1)).toBe("restore dev");
  });

  test("that cannot be restored leaves the machine the images that it has", async () => {
    const { context, provider } = await upgradedSinceSnapshot();
    const now = await context.store.readMachine("dev");
    provider.failNext("restore", new Error("the disk is full"));
    await expect(restoreSnapshot(context, "dev", "before")).rejects.toThrow("the disk is full");
    expect(await context.store.readMachine("dev")).toEqual(now);
  });

  test("is forgotten with its images", async () => {
    const { context } = await upgradedSinceSnapshot();
    await removeSnapshot(context, "dev", "before");
    expect((await context.store.readMachine("dev")).snapshotImages).toEqual({});
  });
});

test("what was noted for a snapshot that came to nothing goes with the next", async () => {
  const world = await coreWorld();
  await runningMachine(world, { name: "dev" });
  const { context, provider } = world;
  await takeSnapshot(context, "dev", "kept");
  provider.failNext("take", new Error("the disk is full"));
  await expect(takeSnapshot(context, "dev", "none")).rejects.toThrow("the disk is full");
  await takeSnapshot(context, "dev", "later");
  const { snapshotImages = {} } = await context.store.readMachine("dev");
  expect(Object.keys(snapshotImages).sort()).toEqual(["kept", "later"]);
});

test("a machine whose upgrade was interrupted is neither suspended nor kept", async () => {
  const world = await coreWorld();
  await runningMachine(world, { name: "dev" });
  const { context } = world;
  const record = await context.store.readMachine("dev");
  await context.store.writeMachine({ ...record, upgrade: { from: "a", to: "b" } });
  const refusal = { code: "MACHINE_INCOMPLETE" };
  await expect(suspendMachine(context, "dev")).rejects.toMatchObject(refusal);
  await expect(takeSnapshot(context, "dev", "a")).rejects.toMatchObject(refusal);
});

test("a paused machine, which is lost when its host goes down, is suspended", async () => {
  const world = await coreWorld();
  await runningMachine(world, { name: "dev" });
  await world.provider.setPower("dev", "paused");
  expect(await suspendMachine(world.context, "dev")).toBe("changed");
});

test.each(["paused", "suspended"] as const)(
  "a %s machine is not provisioned, which it would not notice",
  async (power) => {
    const world = await coreWorld();
    await runningMachine(world, { name: "dev" });
    await world.provider.setPower("dev", power);
    const refusal = {
      code: "MACHINE_NOT_RUNNING",
      message: `machine "dev" is ${power}`,
      hints: ["let it go on with `tsmachine start dev` first"],
    };
    const changes = { labels: ["a=b"] };
    const { context } = world;
    const provisioned = provisionMachine(context, "dev", { ...limits, changes });
    await expect(provisioned).rejects.toMatchObject(refusal);
    await expect(regenerateCertificates(context, "dev", limits)).rejects.toMatchObject(refusal);
  },
);

test("the memory of a suspended machine that is stopped is not lost without a word", async () => {
  const world = await coreWorld();
  await runningMachine(world, { name: "dev" });
  await suspendMachine(world.context, "dev");
  expect(await stopMachine(world.context, "dev")).toBe("changed");
  expect(world.warnings).toEqual([expect.stringContaining('"dev" was suspended')]);
});

test("a machine that is off is not suspended, and the hint says how it could be", async () => {
  const world = await coreWorld();
  await runningMachine(world, { name: "dev" });
  await world.provider.setPower("dev", "stopped");
  await expect(suspendMachine(world.context, "dev")).rejects.toMatchObject({
    code: "MACHINE_NOT_RUNNING",
    hints: ["start it first with `tsmachine start dev`"],
  });
});

test("a machine of a provider that cannot is left as it is", async () => {
  const provider = createFakeProvider({ capabilities: { suspension: false, snapshots: false } });
  const world = await coreWorld({ provider });
  await runningMachine(world, { name: "dev" });
  await expect(suspendMachine(world.context, "dev")).rejects.toMatchObject({
    code: "CAPABILITY_MISSING",
    message: 'machines of provider fake cannot be suspended (machine "dev")',
  });
  await expect(takeSnapshot(world.context, "dev", "a")).rejects.toMatchObject({
    code: "CAPABILITY_MISSING",
    message: 'machines of provider fake cannot have snapshots (machine "dev")',
  });
});
