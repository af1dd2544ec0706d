// The command line is killed after each single change that it makes on the disk, and after it has
// started QEMU. The list of changes is what it does, so none can be forgotten. Machines have no guest,
// so that they are up at once; crash-stages.test.ts has real ones.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  atEveryChange,
  type Crash,
  type Crashing,
  openCrashing,
} from "../support/crash/crashing.ts";
import {
  type GuestlessMachine,
  prepareGuestlessMachine,
} from "../support/crash/guestless-machine.ts";
import { openSharedCacheStore } from "../support/machines/machine.ts";
import type { TestStore } from "../support/machines/tsmachine.ts";
import { filesBeside } from "../support/machines/tsmachine-leftovers.ts";
import { processesIn } from "../support/machines/tsmachine-processes.ts";

let crashing: Crashing;
let guestless: GuestlessMachine;
beforeAll(async () => {
  crashing = await openCrashing();
  guestless = await prepareGuestlessMachine();
});
afterAll(async () => {
  await crashing[Symbol.asyncDispose]();
  await guestless[Symbol.asyncDispose]();
});

const kinds = [
  { kind: "kvm", leastChanges: 50 },
  { kind: "none", leastChanges: 20 },
] as const;

const createArguments = (kind: "kvm" | "none") => [
  "create",
  ...(kind === "none" ? ["-d", "none", "--url", "tcp://192.0.2.1:2376"] : guestless.flags),
  "dev",
];

async function whatIsLeft(store: TestStore) {
  const processes = await processesIn(store.path);
  return { files: await filesBeside(store), processCount: processes.length };
}

async function expectRemovable(store: TestStore, { changes }: Crash): Promise<void> {
  const { exitCode, stderr } = await store.tsmachine("rm", "-f", "dev");
  const after = changes.at(-1);
  expect({
    after,
    exitCode,
    stderr: exitCode === 0 ? "" : stderr,
    ...(await whatIsLeft(store)),
  }).toEqual({ ...{ after, exitCode: 0, stderr: "" }, ...{ files: [], processCount: 0 } });
}

/** One that is whole exists, and goes on; any other is made anew. */
async function expectCreatable(
  store: TestStore,
  kind: "kvm" | "none",
  { crash, isWhole }: { readonly crash: Crash; readonly isWhole: boolean },
): Promise<void> {
  const { exitCode, stderr } = await store.tsmachine(...createArguments(kind));
  const after = crash.changes.at(-1);
  expect({ after, exitCode, stderr: exitCode === 0 ? "" : stderr }).toEqual(
    isWhole
      ? { after, exitCode: 1, stderr: expect.stringContaining("already exists") }
      : { after, exitCode: 0, stderr: "" },
  );
  const processes = await processesIn(store.path);
  expect({ after, processCount: processes.length }).toEqual({
    ...{ after, processCount: kind === "kvm" ? 1 : 0 },
  });
}

describe.each(kinds)(
  "a `create` of a $kind machine, killed after each change",
  ({ kind, leastChanges }) => {
    test("is undone by `rm -f` without a trace", async () => {
      const kills = await atEveryChange(async (killAfter) => {
        await using store = await openSharedCacheStore();
        const crash = await crashing.run(store, createArguments(kind), { killAfter });
        await expectRemovable(store, crash);
        return crash;
      });
      expect(kills).toBeGreaterThan(leastChanges);
    });

    test("is made good by another `create`", async () => {
      const step = 2;
      const kills = await atEveryChange(async (killAfter) => {
        await using store = await openSharedCacheStore();
        const crash = await crashing.run(store, createArguments(kind), { killAfter });
        const isWhole = crash.changes.some((change) =>
          /^rename store\/machines\/dev.* \(ready\)$/.test(change),
        );
        await expectCreatable(store, kind, { crash, isWhole });
        return crash;
      }, step);
      expect(kills).toBeGreaterThan(leastChanges / step - 1);
    });
  },
);

describe.each(kinds)("an `rm` of a $kind machine, killed after each change", ({ kind }) => {
  test("is ended by `rm -f` without a trace", async () => {
    const kills = await atEveryChange(async (killAfter) => {
      await using store = await openSharedCacheStore();
      await store.tsmachine(...createArguments(kind));
      const crash = await crashing.run(store, ["rm", "-y", "dev"], { killAfter });
      await expectRemovable(store, crash);
      return crash;
    });
    expect(kills).toBeGreaterThan(8);
  });

  test("does not keep `create` from making the machine anew", async () => {
    const kills = await atEveryChange(async (killAfter) => {
      await using store = await openSharedCacheStore();
      await store.tsmachine(...createArguments(kind));
      const crash = await crashing.run(store, ["rm", "-y", "dev"], { killAfter });
      const isWhole = !crash.changes.some((change) => change.includes("removing"));
      await expectCreatable(store, kind, { crash, isWhole });
      return crash;
    }, 2);
    expect(kills).toBeGreaterThan(4);
  });
});
