import { stat } from "node:fs/promises";
import { describe, expect, test, vi } from "vitest";
import { createAuthority } from "../../../../src/certs/authority.ts";
import { cloneMachine } from "../../../../src/core/copies/clone-machine.ts";
import { startMachine } from "../../../../src/core/machine/power.ts";
import { removeMachine } from "../../../../src/core/machine/remove.ts";
import { takeSnapshot } from "../../../../src/core/machine/snapshots.ts";
import { suspendMachine } from "../../../../src/core/machine/suspend.ts";
import { digestOfDisk, diskOf, stoppedMachine } from "../../../support/copies/stopped-machine.ts";
import { createFakeProvider } from "../../../support/providers/fake-provider.ts";
import { coreWorld, runningMachine } from "../../../support/worlds/core-world.ts";

vi.setConfig({ testTimeout: 60_000 });

const request = { source: "dev", name: "copy" };

async function stoppedWorld(changes: Parameters<typeof stoppedMachine>[1] = {}) {
  const world = await coreWorld();
  await stoppedMachine(world, changes);
  return world;
}

describe("a clone", () => {
  test("has the source's disk, images and settings, and is off", async () => {
    const world = await stoppedWorld({ tlsSans: ["dev.example"], isProtected: true });
    const { store } = world.context;
    const clone = await cloneMachine(world.context, request);
    const source = await store.readMachine("dev");
    expect(clone).toMatchObject({
      ...{ name: "copy", phase: "ready", images: source.images, engine: source.engine },
      tlsSans: ["dev.example"],
    });
    expect(clone).toEqual(await store.readMachine("copy"));
    expect(clone).not.toHaveProperty("isProtected");
    expect(clone).not.toHaveProperty("endpoint");
    expect(await digestOfDisk(world, "copy")).toBe(await digestOfDisk(world, "dev"));
    expect((await stat(diskOf(world, "copy"))).mode & 0o777).toBe(0o600);
    expect(world.provider.calls.at(-1)).toBe("adopt disk copy");
  });

  test("shares no key, port or certificate with it, and has an identity for its guest", async () => {
    const { context } = await stoppedWorld();
    const clone = await cloneMachine(context, request);
    const [source, sourceFiles, files] = [
      await context.store.readMachine("dev"),
      await context.store.readMachineFiles("dev"),
      await context.store.readMachineFiles("copy"),
    ];
    expect(clone.identity).toMatch(/^[0-9a-f-]{36}$/);
    expect(source).not.toHaveProperty("identity");
    expect(clone.sshHostKey).not.toBe(source.sshHostKey);
    expect(files.sshKey).not.toBe(sourceFiles.sshKey);
    expect(files.sshHostKey).not.toBe(sourceFiles.sshHostKey);
    expect(files.serverKey).toBeUndefined();
    expect(files.imageLocks).toBe(sourceFiles.imageLocks);
    expect(clone.provider.record).toMatchObject({ name: "copy" });
    const portOf = ({ provider: { record } }: typeof clone) =>
      JSON.stringify(record).match(/\d{4,5}/g);
    expect(portOf(clone)).not.toEqual(portOf(source));
  });

  test("starts beside its source, and can be cloned itself", async () => {
    const world = await stoppedWorld();
    const first = await cloneMachine(world.context, request);
    const limits = { bootTimeoutMs: 20_000 };
    expect(await startMachine(world.context, "dev", limits)).toBe("changed");
    const second = await cloneMachine(world.context, { source: "copy", name: "copy2" });
    expect(second.identity).not.toBe(first.identity);
    expect(await startMachine(world.context, "copy", limits)).toBe("changed");
    const keys = (await world.context.store.readMachineFiles("copy")).serverKey;
    expect(keys).not.toBe((await world.context.store.readMachineFiles("dev")).serverKey);
  });

  test("trusts the authorities that the source was given", async () => {
    const { context } = await stoppedWorld();
    const { certificate } = await createAuthority({ now: context.now() });
    await context.store.writeMachineFiles("dev", { trustedAuthorities: certificate });
    await cloneMachine(context, request);
    const { trustedAuthorities } = await context.store.readMachineFiles("copy");
    expect(trustedAuthorities).toBe(certificate);
  });

  test("has none of the source's snapshots", async () => {
    const { context } = await stoppedWorld();
    await takeSnapshot(context, "dev", "before");
    expect(await cloneMachine(context, request)).not.toHaveProperty("snapshotImages");
  });
});

describe("is refused, and nothing is made:", () => {
  test.each([
    ["a machine that runs", "MACHINE_NOT_STOPPED", async () => runningWorld()],
    [
      "a machine that is suspended",
      "MACHINE_NOT_STOPPED",
      async () => {
        const world = await runningWorld();
        await suspendMachine(world.context, "dev");
        return world;
      },
    ],
    [
      "one whose disk is gone",
      "INSTANCE_MISSING",
      async () => {
        const world = await stoppedWorld();
        await world.provider.setPower("dev", "absent");
        return world;
      },
    ],
    [
      "one whose creation was interrupted",
      "MACHINE_INCOMPLETE",
      async () => {
        const world = await stoppedWorld();
        const { store } = world.context;
        await store.writeMachine({ ...(await store.readMachine("dev")), phase: "creating" });
        return world;
      },
    ],
    [
      "one of a provider that keeps machines elsewhere",
      "CAPABILITY_MISSING",
      async () => {
        const world = await coreWorld({
          provider: createFakeProvider({ capabilities: { portable: false } }),
        });
        await stoppedMachine(world);
        return world;
      },
    ],
    ["one that there is not", "MACHINE_NOT_FOUND", () => coreWorld()],
  ])("%s (%s)", async (_, code, prepare) => {
    const { context } = await prepare();
    const before = await context.store.listMachineNames();
    await expect(cloneMachine(context, request)).rejects.toMatchObject({ code });
    expect(await context.store.listMachineNames()).toEqual(before);
  });

  test.each([
    ["dev", "MACHINE_EXISTS"],
    ["DEV", "INVALID_INPUT"],
    ["other", "MACHINE_EXISTS"],
    ["-", "NAME_INVALID"],
  ])("the name %s (%s)", async (name, code) => {
    const world = await stoppedWorld();
    await runningMachine(world, { name: "other" });
    const { context } = world;
    await expect(cloneMachine(context, { source: "dev", name })).rejects.toMatchObject({ code });
    expect(await context.store.listMachineNames()).toEqual(["dev", "other"]);
  });
});

async function runningWorld() {
  const world = await coreWorld();
  await runningMachine(world);
  return world;
}

describe("a clone that does not come to its end", () => {
  test("by a failure leaves nothing, and the source as it was", async () => {
    const { context, provider } = await stoppedWorld();
    const before = await context.store.readMachine("dev");
    provider.failNext("adopt disk", new Error("no room"));
    await expect(cloneMachine(context, request)).rejects.toThrow("no room");
    expect(await context.store.listMachineNames()).toEqual(["dev"]);
    expect(await context.store.readMachine("dev")).toEqual(before);
  });

  /** A store in which every write from a certain one on fails for good, as if this process had been killed. */
  function killedAfter(
    writes: number,
    context: Awaited<ReturnType<typeof stoppedWorld>>["context"],
  ) {
    let left = writes;
    const { store } = context;
    const counted =
      <Args extends unknown[]>(change: (...args: Args) => Promise<void>) =>
      async (...args: Args) => {
        if (left === 0) throw new Error("killed");
        left -= 1;
        await change(...args);
      };
    return {
      ...context,
      store: {
        ...store,
        createMachine: counted(store.createMachine),
        writeMachine: counted(store.writeMachine),
        removeMachine: counted(store.removeMachine),
      },
    };
  }

  test.each([0, 1])(
    "because it is killed after %i changes of the store is mended by another",
    async (writes) => {
      const { context, provider } = await stoppedWorld();
      await expect(cloneMachine(killedAfter(writes, context), request)).rejects.toThrow("killed");
      expect(await context.store.listMachineNames()).toEqual(
        writes === 0 ? ["dev"] : ["copy", "dev"],
      );
      if (writes > 0) {
        expect(await context.store.readMachine("copy")).toMatchObject({
          ...{ phase: "creating", stage: "instance" },
        });
      }
      expect(await cloneMachine(context, request)).toMatchObject({ phase: "ready" });
      expect(provider.calls.at(-1)).toBe("adopt disk copy");
    },
  );

  test("because it is killed is removed by rm", async () => {
    const { context } = await stoppedWorld();
    await expect(cloneMachine(killedAfter(1, context), request)).rejects.toThrow("killed");
    await removeMachine(context, "copy", { force: false });
    expect(await context.store.listMachineNames()).toEqual(["dev"]);
  });
});

test("two clones at once, each of the other's name, wait for no one for ever", async () => {
  const { context } = await stoppedWorld();
  await cloneMachine(context, request);
  const outcomes = await Promise.allSettled([
    cloneMachine(context, { source: "dev", name: "copy" }),
    cloneMachine(context, { source: "copy", name: "dev" }),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
});
