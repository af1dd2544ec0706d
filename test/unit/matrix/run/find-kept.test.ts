import { beforeEach, expect, test } from "vitest";
import { findKept } from "../../../../src/matrix/run/find-kept.ts";
import { writeMachine } from "../../../support/images/cache-world.ts";
import { type CoreWorld, coreWorld } from "../../../support/worlds/core-world.ts";

const boot = { kind: "boot", packages: ["linux"] } as const;
const engine = { kind: "engine", packages: ["docker"] } as const;
const cell = "6.1/26.1";

let world: CoreWorld;
beforeEach(async () => {
  world = await coreWorld();
});

let day = 0;
async function keep(name: string, workload?: string): Promise<void> {
  const { store } = world.context;
  await writeMachine(store, { name, boot, engine });
  day += 1;
  const createdAt = `2026-03-${String(day).padStart(2, "0")}T12:00:00.000Z`;
  const record = await store.readMachine(name);
  await store.writeMachine({ ...record, createdAt, cell, ...(workload && { workload }) });
}

const find = (workload?: string) => findKept(world.context, { cell, workload });

test("a workload's machine is found, of several the newest", async () => {
  await keep("one", "a");
  await keep("two", "a");
  await keep("three", "b");
  expect(await find("a")).toMatchObject({ name: "two" });
  expect(await find("b")).toMatchObject({ name: "three" });
});

test("the workload need not be named where there is one, or was none noted", async () => {
  await keep("one", "a");
  await keep("two", "a");
  expect(await find()).toMatchObject({ name: "two" });
  await keep("older");
  await expect(find("c")).rejects.toMatchObject({
    code: "MACHINE_NOT_FOUND",
    message: `no machine of cell "${cell}", workload "c", was kept`,
  });
});

test("machines of several workloads are not mixed up", async () => {
  await keep("one", "a");
  await keep("two", "b");
  await expect(find()).rejects.toMatchObject({
    ...{ code: "INVALID_INPUT", hints: [`name one: ${cell} b, ${cell} a`] },
  });
});
