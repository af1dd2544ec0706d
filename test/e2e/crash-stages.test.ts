// The command line is killed at each stage that its journal has, and right after it has started QEMU,
// with real machines.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { creationStages, removalStages } from "../../src/core/machine/journal.ts";
import { type Crashing, openCrashing } from "../support/crash/crashing.ts";
import { machineIn, openSharedCacheStore, smallMachine } from "../support/machines/machine.ts";
import type { TestStore } from "../support/machines/tsmachine.ts";
import { filesBeside } from "../support/machines/tsmachine-leftovers.ts";
import { processesIn } from "../support/machines/tsmachine-processes.ts";

let crashing: Crashing;
beforeAll(async () => {
  crashing = await openCrashing();
});
afterAll(() => crashing[Symbol.asyncDispose]());

const createArguments = ["create", ...smallMachine, "dev"];
const [first, ...later] = creationStages;
const record = (entry: string) => `rename store/machines/dev/machine.json (${entry})`;

/** In the order in which `create` comes to them. */
const moments = [
  { moment: first, change: `rename store/machines/dev (creating: ${first})` },
  ...later.map((stage) => ({ moment: stage, change: record(`creating: ${stage}`) })),
  { moment: "spawn", change: "spawn qemu-system-x86_64" },
].sort((one, other) => rank(one.moment) - rank(other.moment));

/** QEMU is started in the stage "power-on". */
function rank(moment: string): number {
  const stages: readonly string[] = creationStages;
  return moment === "spawn" ? stages.indexOf("power-on") + 0.5 : stages.indexOf(moment);
}

async function killedCreate(store: TestStore, change: string): Promise<void> {
  const { wasKilled, stderr } = await crashing.run(store, createArguments, { killAfter: change });
  expect({ change, wasKilled, stderr: wasKilled ? "" : stderr }).toEqual({
    ...{ change, wasKilled: true, stderr: "" },
  });
}

async function expectRemovable(store: TestStore): Promise<void> {
  expect(await store.tsmachine("rm", "-f", "dev")).toMatchObject({ exitCode: 0 });
  expect(await filesBeside(store)).toEqual([]);
  expect(await processesIn(store.path)).toEqual([]);
}

describe("a `create` that is killed", () => {
  test.each(moments)("at $moment is undone by `rm -f` without a trace", async ({ change }) => {
    await using store = await openSharedCacheStore();
    await killedCreate(store, change);
    await expectRemovable(store);
  });

  test("at one moment after the other is made good by the next, with one QEMU at most", async () => {
    await using store = await openSharedCacheStore();
    for (const { moment, change } of moments) {
      await killedCreate(store, change);
      const { stdout } = await store.tsmachine("ls", "-t", "30");
      const stage = moment === "spawn" ? "power-on" : moment;
      expect(stdout).toMatch(new RegExp(`^dev .*its creation has not ended .stage: ${stage}`, "m"));
      const count = (await processesIn(store.path)).length;
      expect({ moment, count }).toEqual({ moment, count: rank(moment) > rank("power-on") ? 1 : 0 });
    }
    expect(await store.tsmachine(...createArguments)).toMatchObject({ exitCode: 0 });
    expect(await processesIn(store.path)).toHaveLength(1);
    expect(await machineIn(store, "dev").shell("docker info")).toMatchObject({ exitCode: 0 });
    await expectRemovalsRecover(store);
  });
});

/** The machine runs; each removal is killed a little later than the one before. */
async function expectRemovalsRecover(store: TestStore): Promise<void> {
  const gone = `rename store/partial/machines/dev (removing: ${removalStages.at(-1)})`;
  for (const change of [...removalStages.map((stage) => record(`removing: ${stage}`)), gone]) {
    const { wasKilled } = await crashing.run(store, ["rm", "-y", "dev"], { killAfter: change });
    expect({ change, wasKilled }).toEqual({ change, wasKilled: true });
    const { stdout } = await store.tsmachine("ls");
    if (change === gone) expect(stdout).not.toMatch(/^dev /m);
    else expect(stdout).toMatch(/^dev .* Error .*its removal has not ended/m);
  }
  // Comes past what the removal has left, and need not boot for that.
  await killedCreate(store, record("creating: power-on"));
  await expectRemovable(store);
}

test("a machine whose folder is deleted while it runs is ended by `rm -f`", async () => {
  await using store = await openSharedCacheStore();
  await killedCreate(store, record("creating: engine"));
  await store.shell(`rm -r ${store.path}/machines/dev`);
  expect((await store.tsmachine("ls")).stdout).not.toMatch(/^dev /m);
  expect(await processesIn(store.path)).toHaveLength(1);
  await expectRemovable(store);
});
