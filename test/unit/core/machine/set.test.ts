import { readFile, writeFile } from "node:fs/promises";
import { describe, expect, test, vi } from "vitest";
import { removeMachine } from "../../../../src/core/machine/remove.ts";
import { setMachine } from "../../../../src/core/machine/set.ts";
import { createFakeProvider } from "../../../support/providers/fake-provider.ts";
import { coreWorld, runningMachine } from "../../../support/worlds/core-world.ts";

vi.setConfig({ testTimeout: 60_000 });

describe("the sizes of a machine", () => {
  test("that is off are changed, and what is not named stays", async () => {
    const world = await coreWorld();
    await runningMachine(world, { name: "dev" });
    await world.provider.setPower("dev", "stopped");
    expect(await setMachine(world.context, "dev", { sizes: { memoryMiB: 2048 } })).toEqual({
      ...{ name: "dev", isProtected: false, needsRestart: false },
      sizes: { memoryMiB: 2048, cpuCount: 1, diskSizeMiB: 1024 },
    });
    expect((await world.context.store.readMachine("dev")).provider.record).toMatchObject({
      memoryMiB: 2048,
    });
  });

  test("that runs count from its next start on", async () => {
    const world = await coreWorld();
    await runningMachine(world, { name: "dev" });
    const sizes = { cpuCount: 2 };
    expect(await setMachine(world.context, "dev", { sizes })).toMatchObject({ needsRestart: true });
  });

  test("that runs and whose guest cannot be told has a larger disk all the same", async () => {
    const world = await coreWorld();
    await runningMachine(world, { name: "dev" });
    const sizes = { diskSizeMiB: 4096 };
    expect(await setMachine(world.context, "dev", { sizes })).toMatchObject({
      ...{ needsRestart: false, sizes: { diskSizeMiB: 4096 } },
    });
    expect(world.warnings).toEqual([
      expect.stringContaining("`tsmachine restart dev` makes it so"),
    ]);
  });

  test("whose disk would become smaller stay as they are", async () => {
    const world = await coreWorld();
    await runningMachine(world, { name: "dev" });
    const { store } = world.context;
    const former = await store.readMachine("dev");
    const sizes = { memoryMiB: 4096, diskSizeMiB: 512 };
    await expect(setMachine(world.context, "dev", { sizes })).rejects.toMatchObject({
      code: "INVALID_INPUT",
    });
    expect(await store.readMachine("dev")).toEqual(former);
  });

  test("that is suspended are those of its memory", async () => {
    const world = await coreWorld();
    await runningMachine(world, { name: "dev" });
    await world.provider.setPower("dev", "suspended");
    await expect(
      setMachine(world.context, "dev", { sizes: { memoryMiB: 4096 } }),
    ).rejects.toMatchObject({ code: "MACHINE_NOT_RUNNING" });
  });

  test("of a provider that cannot change them are refused; it is protected all the same", async () => {
    const provider = createFakeProvider({ capabilities: { resizing: false } });
    const world = await coreWorld({ provider });
    await runningMachine(world, { name: "dev" });
    await expect(
      setMachine(world.context, "dev", { sizes: { memoryMiB: 4096 } }),
    ).rejects.toMatchObject({ code: "CAPABILITY_MISSING" });
    const request = { sizes: {}, isProtected: true };
    expect(await setMachine(world.context, "dev", request)).toEqual({
      ...{ name: "dev", sizes: undefined, isProtected: true, needsRestart: false },
    });
  });
});

describe("a protected machine", () => {
  test.each([true, false])("is not removed, with force: %s", async (force) => {
    const world = await coreWorld();
    await runningMachine(world, { name: "dev", isProtected: true });
    await expect(removeMachine(world.context, "dev", { force })).rejects.toMatchObject({
      code: "MACHINE_PROTECTED",
      hints: ["take that away with `tsmachine set dev --no-protect`"],
    });
    expect(world.provider.calls).not.toContain("remove dev");
  });

  test("is not removed by a program that is older than its record", async () => {
    const world = await coreWorld();
    const { context, provider } = world;
    await runningMachine(world, { name: "dev", isProtected: true });
    const path = context.store.machineLayout("dev").record;
    const record = { ...JSON.parse(await readFile(path, "utf8")), schemaVersion: 99 };
    await writeFile(path, JSON.stringify(record));
    await expect(removeMachine(context, "dev", { force: true })).rejects.toMatchObject({
      code: "MACHINE_PROTECTED",
    });
    expect(provider.calls).not.toContain("abandon dev");
  });

  test("is removed once that is taken away", async () => {
    const world = await coreWorld();
    await runningMachine(world, { name: "dev", isProtected: true });
    await setMachine(world.context, "dev", { sizes: {}, isProtected: false });
    await removeMachine(world.context, "dev", { force: false });
    expect(await world.context.store.listMachineNames()).toEqual([]);
  });
});
