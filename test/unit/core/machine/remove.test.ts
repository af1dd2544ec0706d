import { readdir, writeFile } from "node:fs/promises";
import { describe, expect, test, vi } from "vitest";
import { removeMachine } from "../../../../src/core/machine/remove.ts";
import { type CoreWorld, coreWorld, runningMachine } from "../../../support/worlds/core-world.ts";

vi.setConfig({ testTimeout: 30_000 });

async function worldWithMachine(): Promise<CoreWorld> {
  const world = await coreWorld();
  await runningMachine(world);
  world.provider.calls.length = 0;
  return world;
}

const remove = ({ context }: CoreWorld, how: "gently" | "by force" = "gently") =>
  removeMachine(context, "dev", { force: how === "by force" });

test("removing a machine leaves no instance, record or lock", async () => {
  const world = await worldWithMachine();
  await remove(world);
  expect(world.provider.calls).toEqual(["remove dev"]);
  const { machines, locks } = world.context.store.layout;
  expect([await readdir(machines), await readdir(locks)]).toEqual([[], []]);
});

test("a removal that fails is told by the record, and can be repeated", async () => {
  const world = await worldWithMachine();
  const failure = new Error("the disk is in use");
  world.provider.failNext("remove", failure);
  await expect(remove(world)).rejects.toBe(failure);
  expect((await world.context.store.readMachine("dev")).phase).toBe("removing");
  await remove(world);
  expect(await world.context.store.listMachineNames()).toEqual([]);
});

describe("by force", () => {
  test("the record goes even when the instance cannot be removed, which is a warning", async () => {
    const world = await worldWithMachine();
    world.provider.failNext("remove", new Error("the disk is in use"));
    await remove(world, "by force");
    expect(await world.context.store.listMachineNames()).toEqual([]);
    expect(world.warnings).toEqual(["dev: the disk is in use"]);
  });

  test("a machine with a damaged record is removed", async () => {
    const world = await worldWithMachine();
    await writeFile(world.context.store.machineLayout("dev").record, "{");
    await expect(remove(world)).rejects.toMatchObject({ code: "RECORD_INVALID" });
    await remove(world, "by force");
    expect(world.provider.calls).toEqual(["abandon dev"]);
    expect(await world.context.store.listMachineNames()).toEqual([]);
    expect(world.warnings).toEqual([
      expect.stringMatching(/^dev: .*machine\.json is not readable/),
    ]);
  });

  test("a machine stays while something of it runs that cannot be ended", async () => {
    const world = await worldWithMachine();
    await writeFile(world.context.store.machineLayout("dev").record, "{");
    const failure = new Error("process 4711 does not end");
    world.provider.failNext("abandon", failure);
    await expect(remove(world, "by force")).rejects.toBe(failure);
    expect(await world.context.store.listMachineNames()).toEqual(["dev"]);
  });

  test("nothing is removed once the user cancels", async () => {
    const world = await worldWithMachine();
    const reason = new Error("the user pressed Ctrl-C");
    const { store } = world.context;
    // Cancelled when the lock is held, at the moment the record is read.
    const context = {
      ...world.context,
      store: {
        ...store,
        readMachine: async (name: string) => {
          world.abort(reason);
          return store.readMachine(name);
        },
      },
    };
    await expect(removeMachine(context, "dev", { force: true })).rejects.toBe(reason);
    expect(await store.listMachineNames()).toEqual(["dev"]);
    expect(world.provider.calls).toEqual([]);
  });
});

test.each(["gently", "by force"] as const)(
  "a machine that nobody made cannot be removed, %s",
  async (how) => {
    const world = await coreWorld();
    await expect(remove(world, how)).rejects.toMatchObject({ code: "MACHINE_NOT_FOUND" });
  },
);
