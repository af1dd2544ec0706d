import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { atEveryChange, type Crashing, openCrashing } from "../../support/crash/crashing.ts";
import { prepareGuestlessMachine } from "../../support/crash/guestless-machine.ts";
import { openSharedCacheStore } from "../../support/machines/machine.ts";
import type { TestStore } from "../../support/machines/tsmachine.ts";
import { filesBeside } from "../../support/machines/tsmachine-leftovers.ts";

async function succeed(store: TestStore, ...args: string[]): Promise<void> {
  const { stderr, exitCode } = await store.tsmachine(...args);
  if (exitCode !== 0) throw new Error(`${args.join(" ")} ended with ${exitCode}: ${stderr}`);
}

describe("a `clone` that is killed after each change", () => {
  let crashing: Crashing;
  beforeAll(async () => {
    crashing = await openCrashing();
  });
  afterAll(() => crashing[Symbol.asyncDispose]());

  test("is made good by another, or removed by `rm`, and never harms its source", async () => {
    await using guestless = await prepareGuestlessMachine();
    const clone = ["clone", "dev", "copy"];
    const kills = await atEveryChange(async (killAfter) => {
      await using store = await openSharedCacheStore();
      await succeed(store, "create", ...guestless.flags, "dev");
      await succeed(store, "stop", "dev");
      const recordOf = () => readFile(join(store.path, "machines/dev/machine.json"), "utf8");
      const before = { files: await filesBeside(store), record: await recordOf() };
      const crash = await crashing.run(store, clone, { killAfter });
      const after = crash.changes.at(-1);
      if (killAfter % 2 === 0) {
        const isWhole = crash.changes.some((change) =>
          /^rename store\/machines\/copy.* \(ready\)$/.test(change),
        );
        const { exitCode, stderr } = await store.tsmachine(...clone);
        const wanted = isWhole
          ? { exitCode: 1, stderr: /already exists/ }
          : { exitCode: 0, stderr: /./ };
        expect({ after, exitCode, stderr }).toEqual({
          ...{ after, exitCode: wanted.exitCode, stderr: expect.stringMatching(wanted.stderr) },
        });
      }
      await succeed(store, "rm", "-f", "copy");
      expect({ after, files: await filesBeside(store) }).toEqual({ after, files: before.files });
      expect(await recordOf()).toBe(before.record);
      return crash;
    });
    expect(kills).toBeGreaterThan(10);
  });
});
