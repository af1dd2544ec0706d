import { writeFile } from "node:fs/promises";
import { describe, expect, test, vi } from "vitest";
import { noFilters } from "../../../../src/core/look/filters.ts";
import {
  type ListRequest,
  listMachines,
  listNames,
} from "../../../../src/core/look/list-machines.ts";
import { engineUrl } from "../../../../src/core/machine/look.ts";
import { fakeEngineVersion } from "../../../support/network/fake-engine.ts";
import { createFakeProvider } from "../../../support/providers/fake-provider.ts";
import { type CoreWorld, coreWorld, runningMachine } from "../../../support/worlds/core-world.ts";
import { recordedOperation } from "../../../support/worlds/operations.ts";

vi.setConfig({ testTimeout: 30_000 });

const list = ({ context }: CoreWorld, changes: Partial<ListRequest> = {}) =>
  listMachines(context, {
    ...{ filters: noFilters, timeoutMs: 5_000, wanted: "status and engine" },
    ...changes,
  });

const row = (name: string, changes: object) =>
  expect.objectContaining({
    ...{ name, provider: "fake", driver: "fake", status: "Error", url: "", swarm: "" },
    ...{ engineVersion: "Unknown", error: "", responseMs: expect.any(Number), ...changes },
  });

/** The machine goes on with an engine that accepts connections and never answers. */
async function silenceEngine({ context, provider }: CoreWorld, name: string): Promise<void> {
  await provider.endEngine(name);
  provider.guest = "mute";
  const { provider: opened } = await context.store.readMachine(name);
  const directory = context.store.machineLayout(name).directory;
  const places = provider.places.find((one) => one.directory === directory);
  if (places === undefined) throw new Error(`${name} was never opened`);
  await provider.open(opened.record, places).start(recordedOperation());
}

describe("a list of machines", () => {
  test("has a row for each, in natural order, whatever state they are in", async () => {
    const world = await coreWorld();
    const { provider, context } = world;
    const urls = new Map<string, string>();
    for (const name of ["good", "off", "dead", "gone", "broken", "odd", "good10", "good9"]) {
      urls.set(name, engineUrl(await runningMachine(world, { name })));
    }
    await provider.setPower("off", "stopped");
    await provider.endEngine("dead");
    await provider.setPower("gone", "absent");
    await provider.setPower("odd", "unknown");
    await writeFile(context.store.machineLayout("broken").record, "{}");
    const running = (name: string) => ({ status: "Running", url: urls.get(name) });
    const engineVersion = `v${fakeEngineVersion}`;
    expect(await list(world)).toEqual([
      row("broken", {
        ...{ provider: "", driver: "not found" },
        error: expect.stringContaining("is not readable"),
      }),
      row("dead", {
        ...running("dead"),
        error: expect.stringMatching(/^the engine at 127\.0\.0\.1:\d+ does not answer: .*ECONNREF/),
      }),
      row("gone", { error: "its disk or folder is gone" }),
      row("good", { ...running("good"), engineVersion }),
      row("good9", { ...running("good9"), engineVersion }),
      row("good10", { ...running("good10"), engineVersion }),
      row("odd", { error: "its hypervisor does not answer" }),
      row("off", { status: "Stopped" }),
    ]);
  });

  test("waits for no provider or engine that hangs longer than its limit, nor lets others wait", async () => {
    const world = await coreWorld();
    await runningMachine(world, { name: "good" });
    const mute = await runningMachine(world, { name: "mute" });
    await runningMachine(world, { name: "slow" });
    world.provider.hang("slow");
    await silenceEngine(world, "mute");
    const begun = performance.now();
    const rows = await list(world, { timeoutMs: 1_000 });
    expect(performance.now() - begun).toBeLessThan(4_000);
    const error = "no answer within 1 s";
    expect(rows).toEqual([
      row("good", {
        status: "Running",
        url: expect.any(String),
        engineVersion: expect.any(String),
      }),
      row("mute", { status: "Timeout", url: engineUrl(mute), error }),
      row("slow", { status: "Timeout", error }),
    ]);
  });

  test("is given up when the user cancels", async () => {
    const world = await coreWorld();
    await runningMachine(world);
    world.provider.hang("dev");
    const reason = new Error("the user pressed Ctrl-C");
    const listing = list(world);
    world.abort(reason);
    await expect(listing).rejects.toBe(reason);
  });

  test("shows the provider by the name that the user chose it by", async () => {
    const world = await coreWorld({ provider: createFakeProvider({ aliases: ["imitation"] }) });
    await runningMachine(world, { providerId: "imitation" });
    expect(await list(world)).toMatchObject([{ provider: "fake", driver: "imitation" }]);
  });
});

describe("a filter", () => {
  async function threeMachines(): Promise<CoreWorld> {
    const world = await coreWorld({ provider: createFakeProvider({ aliases: ["imitation"] }) });
    await runningMachine(world, { name: "node1" });
    await runningMachine(world, { name: "node2", providerId: "imitation" });
    await runningMachine(world, { name: "other" });
    return world;
  }

  test("of states is for the machines' own: an engine that hangs leaves a machine running", async () => {
    const world = await threeMachines();
    await world.provider.setPower("node1", "stopped");
    world.provider.hang("node2");
    await silenceEngine(world, "other");
    const named = (...states: string[]) => {
      const filters = { ...noFilters, states };
      return listNames(world.context, { filters, timeoutMs: 700 });
    };
    expect(await named("running")).toEqual(["other"]);
    expect(await named("Stopped", "Running")).toEqual(["node1", "other"]);
    expect(await named("Timeout")).toEqual(["node2", "other"]);
    expect(await named("Saved")).toEqual([]);
  });

  test("of anything else asks no machine", async () => {
    const world = await threeMachines();
    for (const name of ["node1", "node2", "other"]) world.provider.hang(name);
    const filters = { ...noFilters, names: [/^node/], drivers: ["FAKE"] };
    expect(await listNames(world.context, { filters, timeoutMs: 1 })).toEqual(["node1", "node2"]);
  });

  test("finds a machine by every name of its provider", async () => {
    const world = await threeMachines();
    const filters = { ...noFilters, drivers: ["imitation"] };
    const names = await listNames(world.context, { filters, timeoutMs: 1 });
    expect(names).toEqual(["node1", "node2", "other"]);
  });
});
