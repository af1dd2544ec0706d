import { beforeAll, expect, test } from "vitest";
import { readOffered } from "../e2e-kernels/offers.ts";
import { type Pair, planPairs } from "../e2e-kernels/plan.ts";
import { parseSettings } from "../e2e-kernels/settings.ts";
import { tryPair } from "../e2e-kernels/try-pair.ts";
import { openSharedCacheStore } from "../support/machines/machine.ts";
import type { TestStore } from "../support/machines/tsmachine.ts";

let store: TestStore;
let pairs: readonly Pair[];
beforeAll(async () => {
  store = await openSharedCacheStore();
  return () => store[Symbol.asyncDispose]();
});
beforeAll(async () => {
  pairs = planPairs(await readOffered(store), parseSettings(["--ci"]));
});

test.each([
  { which: "oldest", index: 0 },
  { which: "standard", index: 1 },
  { which: "newest", index: 2 },
])("the $which kernel runs a container, which sees it and the engine", async ({ index }) => {
  const pair = pairs[index];
  if (pair === undefined) throw new Error("no kernel was planned");
  const { failure, isoBytes } = await tryPair(store, pair);
  expect(failure).toBeUndefined();
  expect(isoBytes).toBeLessThanOrEqual(30e6);
  expect(await store.tsmachine("ls", "-q")).toMatchObject({ stdout: "" });
});
