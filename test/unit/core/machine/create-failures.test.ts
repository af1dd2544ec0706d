import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { createMachine } from "../../../../src/core/machine/create.ts";
import { TsmachineError } from "../../../../src/errors/tsmachine-error.ts";
import type { Health } from "../../../../src/providers/provider.ts";
import { createFakeProvider } from "../../../support/providers/fake-provider.ts";
import {
  type CoreWorld,
  coreWorld,
  createRequest,
  runningMachine,
} from "../../../support/worlds/core-world.ts";

vi.setConfig({ testTimeout: 30_000 });

/** The machines, locks and halves of machines that the store has. */
async function leftIn({ context }: CoreWorld) {
  const { root, locks, machines } = context.store.layout;
  const names = async (folder: string) => readdir(folder).catch(() => []);
  const partial = await names(join(root, "partial", "machines"));
  return { machines: await names(machines), locks: await names(locks), partial };
}

const nothing = { machines: [], locks: [], partial: [] };

describe("creating is refused", () => {
  test("when there is such a machine, which stays as it is", async () => {
    const world = await coreWorld();
    const record = await runningMachine(world);
    await expect(createMachine(world.context, createRequest())).rejects.toMatchObject({
      code: "MACHINE_EXISTS",
    });
    expect(await world.context.store.readMachine("dev")).toEqual(record);
    expect(world.provider.calls).toEqual(["create dev", "start dev"]);
  });

  const unready: readonly Health[] = [
    { state: "missing", problem: "no hypervisor", hint: "install one" },
    { state: "degraded", problem: "it is too old", hint: "get a newer one" },
  ];
  test.each(unready)("when the provider is $state, before anything is made", async (health) => {
    const world = await coreWorld({ provider: createFakeProvider({ health }) });
    await expect(createMachine(world.context, createRequest())).rejects.toMatchObject({
      code: "PROVIDER_NOT_READY",
      message: "problem" in health && health.problem,
      hints: ["hint" in health && health.hint],
    });
    expect(await leftIn(world)).toEqual(nothing);
    expect(world.packages.requests).toEqual([]);
  });

  test("for a machine of another architecture by what that needs, not by what this host's own does", async () => {
    const [health] = unready;
    const world = await coreWorld({ provider: createFakeProvider(health && { health }) });
    world.provider.failNext("plan", new TsmachineError("PROGRAM_MISSING", "no QEMU for arm64"));
    const request = createRequest({ images: otherArchitecture() });
    await expect(createMachine(world.context, request)).rejects.toMatchObject({
      code: "PROGRAM_MISSING",
    });
    expect(await leftIn(world)).toEqual(nothing);
  });

  test.each([
    { what: "a name no certificate can carry", change: { tlsSans: ["no name"] } },
    {
      what: "an engine to install where engines are in images",
      change: { engine: { ...createRequest().engine, installUrl: "https://install.example" } },
    },
    {
      what: "a storage driver that no machine can have",
      change: { engine: { ...createRequest().engine, storageDriver: "aufs" } },
    },
    {
      what: "an engine option that is none",
      change: { engine: { ...createRequest().engine, arbitraryFlags: ["=x"] } },
    },
    { what: "a name that no machine can have", change: { name: "../dev" } },
  ])("for $what, before anything is made", async ({ change }) => {
    const world = await coreWorld();
    await expect(createMachine(world.context, createRequest(change))).rejects.toMatchObject({
      code: "INVALID_INPUT",
    });
    expect(world.steps).toEqual([]);
    expect(await leftIn(world)).toEqual(nothing);
  });

  test("for an address for ports that are not bound on this host", async () => {
    const provider = createFakeProvider({ capabilities: { forwards: false } });
    const world = await coreWorld({ provider });
    const request = createRequest({ publishAddress: "0.0.0.0" });
    await expect(createMachine(world.context, request)).rejects.toMatchObject({
      code: "INVALID_INPUT",
      message: expect.stringContaining("--publish-address is refused"),
    });
    expect(await leftIn(world)).toEqual(nothing);
  });

  test("for a provider there is not", async () => {
    const world = await coreWorld();
    const request = createRequest({ providerId: "nowhere" });
    await expect(createMachine(world.context, request)).rejects.toMatchObject({
      code: "PROVIDER_UNKNOWN",
      hints: ["choose one of: fake"],
    });
    expect(await leftIn(world)).toEqual(nothing);
  });

  test("without a network to build the images from", async () => {
    const world = await coreWorld();
    world.packages.isOnline = false;
    await expect(createMachine(world.context, createRequest())).rejects.toMatchObject({
      code: "NETWORK_UNREACHABLE",
    });
    expect(await leftIn(world)).toEqual(nothing);
  });
});

test("what a provider notes about the host is passed on as warnings", async () => {
  const health: Health = { state: "ready", version: "1", notes: ["it is slow"] };
  const world = await coreWorld({ provider: createFakeProvider({ health }) });
  await runningMachine(world);
  expect(world.warnings).toEqual(["it is slow"]);
});

describe("a create that fails leaves nothing, and its first error is thrown", () => {
  test.each(["check", "plan", "create", "endpoint", "start"] as const)(
    "when the provider fails to %s",
    async (call) => {
      const world = await coreWorld();
      const failure = new Error(`cannot ${call}`);
      world.provider.guest = "serving";
      world.provider.failNext(call, failure);
      await expect(createMachine(world.context, createRequest())).rejects.toBe(failure);
      expect(await leftIn(world)).toEqual(nothing);
      expect(world.warnings).toEqual([]);
    },
  );

  test("when the machine stops by itself", async () => {
    const world = await coreWorld();
    world.provider.guest = { lastWords: ["tsmachine: FAILED no data disk"] };
    await expect(createMachine(world.context, createRequest())).rejects.toMatchObject({
      code: "MACHINE_FAILED",
    });
    expect(await leftIn(world)).toEqual(nothing);
    expect(world.provider.calls).toEqual(["create dev", "start dev", "remove dev"]);
  });

  test("when the engine does not start, though it has no options that could be mended", async () => {
    const world = await coreWorld();
    world.provider.guest = { lastWords: ["tsmachine: FAILED engine: no space left"] };
    await expect(createMachine(world.context, createRequest())).rejects.toMatchObject({
      code: "ENGINE_FAILED",
      message: 'machine "dev": its engine does not start: no space left',
    });
    expect(await leftIn(world)).toEqual(nothing);
  });

  test("when it is cancelled while the engine is waited for", async () => {
    const world = await coreWorld();
    const reason = new Error("the user pressed Ctrl-C");
    const { progress } = world.context;
    const context = {
      ...world.context,
      progress: {
        step: <T>(title: string, action: Parameters<typeof progress.step<T>>[1]) => {
          if (title === "Waiting for the engine") queueMicrotask(() => world.abort(reason));
          return progress.step(title, action);
        },
      },
    };
    await expect(createMachine(context, createRequest())).rejects.toBe(reason);
    expect(await leftIn(world)).toEqual(nothing);
    expect(world.provider.calls).toEqual(["create dev", "start dev", "remove dev"]);
  });

  test("also when undoing fails, which is a warning and a machine that `rm` removes", async () => {
    const world = await coreWorld();
    const failure = new Error("cannot start");
    world.provider.failNext("start", failure);
    world.provider.failNext("remove", new Error("cannot remove"));
    await expect(createMachine(world.context, createRequest())).rejects.toBe(failure);
    expect(world.warnings).toEqual([
      'machine "dev" could not be removed again (cannot remove); remove it with `tsmachine rm -f dev`',
    ]);
    expect((await world.context.store.readMachine("dev")).phase).toBe("creating");
  });
});

test("what an interrupted create left is removed before the machine is made anew", async () => {
  const world = await coreWorld();
  world.provider.failNext("start", new Error("killed"));
  world.provider.failNext("remove", new Error("killed"));
  await createMachine(world.context, createRequest()).catch(() => {});
  const { createdAt } = await world.context.store.readMachine("dev");
  world.provider.calls.length = 0;
  world.setClock(1);
  expect((await runningMachine(world)).createdAt).not.toBe(createdAt);
  expect(world.provider.calls).toEqual(["remove dev", "create dev", "start dev"]);
});

test.each([
  { what: "provider", changes: { providerId: "nowhere" } },
  { what: "options", changes: { providerOptions: { memoryMiB: "none" } } },
  { what: "images", changes: { images: otherArchitecture() } },
])("a kept machine stays when a new one is refused for its $what", async ({ changes }) => {
  const world = await coreWorld();
  world.provider.guest = { lastWords: ["tsmachine: FAILED engine: unknown option"] };
  const engine = { ...createRequest().engine, arbitraryFlags: ["unknown"] };
  await expect(createMachine(world.context, createRequest({ engine }))).rejects.toThrow("is kept");
  const kept = await world.context.store.readMachine("dev");
  world.provider.calls.length = 0;
  world.packages.isOnline = false;
  await expect(createMachine(world.context, createRequest(changes))).rejects.toThrow();
  expect(await world.context.store.readMachine("dev")).toEqual(kept);
  expect(world.provider.calls).toEqual([]);
});

/** Whose images would have to be fetched. */
function otherArchitecture() {
  return { ...createRequest().images, architecture: "arm64" } as const;
}

test("a create that fails right after its record was written leaves nothing", async () => {
  const world = await coreWorld();
  const failure = new Error("the settings cannot be read");
  const { store } = world.context;
  const context = {
    ...world.context,
    store: { ...store, readConfig: () => Promise.reject(failure) },
  };
  await expect(createMachine(context, createRequest())).rejects.toBe(failure);
  expect(await leftIn(world)).toEqual(nothing);
});
