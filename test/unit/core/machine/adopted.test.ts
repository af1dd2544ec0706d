import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { noFilters } from "../../../../src/core/look/filters.ts";
import { listMachines } from "../../../../src/core/look/list-machines.ts";
import { createMachine } from "../../../../src/core/machine/create.ts";
import { engineUrl } from "../../../../src/core/machine/look.ts";
import {
  killMachine,
  restartMachine,
  startMachine,
  stopMachine,
} from "../../../../src/core/machine/power.ts";
import { removeMachine } from "../../../../src/core/machine/remove.ts";
import { sshAccessOf } from "../../../../src/core/machine/ssh-access.ts";
import { upgradeMachine } from "../../../../src/core/machine/upgrade/upgrade.ts";
import { findPrunable } from "../../../../src/core/prune/prune-store.ts";
import { createNoneProvider } from "../../../../src/providers/none/provider.ts";
import { coreWorld, createRequest, runningMachine } from "../../../support/worlds/core-world.ts";

const limits = { bootTimeoutMs: 10_000 };

async function worldWithAdopted(url = "tcp://127.0.0.1:1") {
  const world = await coreWorld({ otherProviders: [createNoneProvider()] });
  const request = createRequest({ providerId: "none", providerOptions: { url } });
  return { ...world, record: await createMachine(world.context, request) };
}

describe("an engine that is there already", () => {
  test("becomes a machine without images, keys of its own or a boot", async () => {
    const { context, record, steps } = await worldWithAdopted();
    expect(record).toMatchObject({ name: "dev", phase: "ready", provider: { id: "none" } });
    expect(Object.keys(record)).not.toEqual(expect.arrayContaining(["images"]));
    expect(record.sshHostKey).toBeUndefined();
    expect(await context.store.readMachine("dev")).toEqual(record);
    expect(steps).toEqual(["Running pre-create checks", 'Creating machine "dev"']);
  });

  test("has the store's client bundle in its folder, and nobody else can read it", async () => {
    const { context } = await worldWithAdopted();
    const { directory } = context.store.machineLayout("dev");
    expect((await readdir(directory)).sort()).toEqual([
      ...["ca.pem", "cert.pem", "key.pem", "machine.json"],
    ]);
    expect((await stat(join(directory, "key.pem"))).mode & 0o777).toBe(0o600);
    const bundle = await context.store.readMachineFiles("dev");
    const { ca, certificate, key } = await context.store.ensureAuthority(
      () => Promise.reject(new Error("there is none")),
      { timeoutMs: 1_000, signal: context.signal },
    );
    expect(bundle).toEqual({ ca, certificate, key });
  });

  test.each(["none", "tcp://127.0.0.1:1", "unix:///var/run/docker.sock"])(
    "is listed as running at %s, though it does not answer",
    async (url) => {
      const { context, record } = await worldWithAdopted(url);
      expect(engineUrl(record)).toBe(url);
      const request = {
        filters: noFilters,
        timeoutMs: 5_000,
        wanted: "status and engine",
      } as const;
      expect(await listMachines(context, request)).toEqual([
        expect.objectContaining({
          ...{ name: "dev", provider: "none", status: "Running", url, engineVersion: "Unknown" },
          error: expect.stringMatching(/./),
        }),
      ]);
    },
  );

  test.each([
    ["stopped", stopMachine],
    ["killed", killMachine],
    [
      "restarted",
      (...[context, name]: Parameters<typeof stopMachine>) => restartMachine(context, name, limits),
    ],
    [
      "upgraded",
      (...[context, name]: Parameters<typeof stopMachine>) =>
        upgradeMachine(context, name, { ...limits, engine: { kind: "default" } }),
    ],
  ] as const)("cannot be %s", async (change, act) => {
    const { context, record } = await worldWithAdopted();
    await expect(act(context, "dev")).rejects.toMatchObject({
      code: "CAPABILITY_MISSING",
      message: `hosts without a driver cannot be ${change} (machine "dev", provider none)`,
      context: { change },
    });
    expect(await context.store.readMachine("dev")).toEqual(record);
  });

  test("runs already when it is started", async () => {
    const { context } = await worldWithAdopted();
    expect(await startMachine(context, "dev", limits)).toBe("unchanged");
  });

  test("lets nobody log in", async () => {
    const { record } = await worldWithAdopted();
    expect(() => sshAccessOf(record)).toThrow(/hosts without a driver do not support SSH/);
  });

  test("is removed with its folder", async () => {
    const { context } = await worldWithAdopted();
    await removeMachine(context, "dev", { force: false });
    expect(await context.store.listMachineNames()).toEqual([]);
  });

  test("needs nothing of the cache", async () => {
    const { context } = await worldWithAdopted();
    expect(await findPrunable(context, { extent: "unused" })).toEqual({
      ...{ garbage: [], reservations: [] },
    });
  });

  test.each([
    [{}, "--url option is required when no driver is selected"],
    [{ url: "" }, "--url option is required when no driver is selected"],
    [{ url: "tcp://a\nb" }, '--url "tcp://a\\nb" has a control character'],
  ])("is refused before any step with the options %j", async (providerOptions, message) => {
    const { context, steps } = await coreWorld({ otherProviders: [createNoneProvider()] });
    const request = createRequest({ providerId: "none", providerOptions });
    await expect(createMachine(context, request)).rejects.toMatchObject({
      ...{ code: "INVALID_INPUT", message },
    });
    expect([await context.store.listMachineNames(), steps]).toEqual([[], []]);
  });

  test("takes nothing over from a machine of its name whose folder was deleted", async () => {
    const world = await coreWorld({ otherProviders: [createNoneProvider()] });
    const { context, provider } = world;
    await runningMachine(world, { registersContext: true });
    await rm(context.store.machineLayout("dev").directory, { recursive: true });
    provider.calls.length = 0;
    const providerOptions = { url: "tcp://127.0.0.1:1" };
    await createMachine(context, createRequest({ providerId: "none", providerOptions }));
    expect(provider.calls).toEqual(["abandon dev"]);
    expect(await readdir(join(context.dockerConfig, "contexts", "meta"))).toEqual([]);
  });

  test.each([
    [true, ["abandon dev"]],
    [false, []],
  ])("ends what runs in its folder when removed with force %s: %j", async (force, calls) => {
    const { context, provider } = await worldWithAdopted();
    await provider.setPower("dev", "running");
    await removeMachine(context, "dev", { force });
    expect(provider.calls).toEqual(calls);
  });

  test("keeps its name to itself", async () => {
    const { context } = await worldWithAdopted();
    const request = createRequest({ providerId: "none", providerOptions: { url: "other" } });
    await expect(createMachine(context, request)).rejects.toMatchObject({ code: "MACHINE_EXISTS" });
  });
});
