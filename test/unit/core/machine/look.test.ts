import { rm, writeFile } from "node:fs/promises";
import { describe, expect, test, vi } from "vitest";
import { engineUrl, listMachines, openRunning } from "../../../../src/core/machine/look.ts";
import { engineAddressOf } from "../../../../src/core/machine/open-machine.ts";
import { machineRecord } from "../../../support/machines/machine-record.ts";
import { fakeEngineVersion } from "../../../support/network/fake-engine.ts";
import { type CoreWorld, coreWorld, runningMachine } from "../../../support/worlds/core-world.ts";

vi.setConfig({ testTimeout: 30_000 });

const list = ({ context }: CoreWorld, names: readonly string[], timeoutMs = 5_000) =>
  listMachines(context, names, { timeoutMs });

describe("a list of machines", () => {
  test("has a row for each, in the order asked for, whatever state they are in", async () => {
    const world = await coreWorld();
    const { provider, context } = world;
    const records = [];
    for (const name of ["good", "off", "dead", "gone", "broken"]) {
      records.push(await runningMachine(world, { name }));
    }
    await provider.setPower("off", "stopped");
    await provider.endEngine("dead");
    await provider.setPower("gone", "absent");
    await writeFile(context.store.machineLayout("broken").record, "{}");
    const [good, , dead] = records;
    const names = ["off", "good", "broken", "gone", "dead", "nobody"];
    expect(await list(world, names)).toEqual([
      row("off", { status: "Stopped" }),
      row("good", {
        ...{ status: "Running", url: good && engineUrl(good) },
        engineVersion: `v${fakeEngineVersion}`,
      }),
      row("broken", { provider: "", error: expect.stringContaining("is not readable") }),
      row("gone", { error: "its disk or folder is gone" }),
      row("dead", {
        ...{ status: "Running", url: dead && engineUrl(dead) },
        error: expect.stringMatching(/^the engine at 127\.0\.0\.1:\d+ does not answer: .*ECONNREF/),
      }),
      row("nobody", { provider: "", error: 'Docker machine "nobody" does not exist' }),
    ]);
  });

  test("does not wait for a provider that hangs, nor let others wait", async () => {
    const world = await coreWorld();
    await runningMachine(world, { name: "good" });
    await runningMachine(world, { name: "slow" });
    world.provider.hang("slow");
    const begun = performance.now();
    const rows = await list(world, ["slow", "good"], 1_000);
    expect(performance.now() - begun).toBeLessThan(4_000);
    expect(rows.map(({ status }) => status)).toEqual(["Timeout", "Running"]);
  });

  test("shows a machine as running whose engine accepts connections and never answers", async () => {
    const world = await coreWorld();
    const record = await runningMachine(world);
    await world.provider.endEngine("dev");
    world.provider.guest = "mute";
    await (await openRunning(world.context, "dev")).instance.start({
      signal: world.context.signal,
      report: () => {},
    });
    expect(await list(world, ["dev"], 500)).toEqual([
      row("dev", {
        ...{ status: "Running", url: engineUrl(record) },
        error: "its engine does not answer in time",
      }),
    ]);
  });

  test("is given up when the user cancels", async () => {
    const world = await coreWorld();
    await runningMachine(world);
    world.provider.hang("dev");
    const reason = new Error("the user pressed Ctrl-C");
    const listing = list(world, ["dev"]);
    world.abort(reason);
    await expect(listing).rejects.toBe(reason);
  });
});

function row(name: string, other: object) {
  return {
    ...{ name, provider: "fake", status: "Error", url: "", engineVersion: "Unknown", error: "" },
    ...other,
  };
}

describe("a machine that must be running", () => {
  test("is opened when it is", async () => {
    const world = await coreWorld();
    const record = await runningMachine(world);
    expect((await openRunning(world.context, "dev")).record).toEqual(record);
  });

  test("is refused when it is not, with the command that starts it", async () => {
    const world = await coreWorld();
    await runningMachine(world);
    await world.provider.setPower("dev", "stopped");
    await expect(openRunning(world.context, "dev")).rejects.toMatchObject({
      code: "MACHINE_NOT_RUNNING",
      hints: ["start it with `tsmachine start dev`"],
      context: { status: "Stopped" },
    });
  });

  test("is refused without its client certificate", async () => {
    const world = await coreWorld();
    const record = await runningMachine(world);
    await rm(world.context.store.machineLayout("dev").key);
    await expect(engineAddressOf(world.context, record)).rejects.toMatchObject({
      code: "MACHINE_INCOMPLETE",
    });
  });
});

test.each([
  ["127.0.0.1", "tcp://127.0.0.1:2376"],
  ["::1", "tcp://[::1]:2376"],
])("the engine at %s has the URL %s", (address, url) => {
  expect(engineUrl(machineRecord({ endpoint: { address, sshPort: 1, dockerPort: 2376 } }))).toBe(
    url,
  );
});

test("a machine that was never started has no URL", () => {
  const { endpoint: _, ...record } = machineRecord();
  expect(() => engineUrl(record)).toThrow('machine "dev" has never been started');
});
