import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import * as z from "zod";
import { pruneStore } from "../../../../src/core/prune/prune-store.ts";
import { poll } from "../../../../src/host/poll.ts";
import {
  filesBelow,
  writeAt,
  writeImage,
  writeMachine,
} from "../../../support/images/cache-world.ts";
import { bundleProgram, type Program } from "../../../support/run-typescript.ts";
import { type CoreWorld, coreWorld } from "../../../support/worlds/core-world.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let prune: Program;
let recordMachines: Program;
beforeAll(async () => {
  prune = await bundleProgram(new URL("programs/prune.ts", import.meta.url));
  recordMachines = await bundleProgram(new URL("programs/record-machines.ts", import.meta.url));
});
afterAll(async () => {
  await prune[Symbol.asyncDispose]();
  await recordMachines[Symbol.asyncDispose]();
});

let world: CoreWorld;
let root: string;
let folders: readonly [store: string, templates: string, packages: string];
beforeEach(async () => {
  world = await coreWorld();
  const { store, templates } = world.context;
  ({ root } = store.layout);
  folders = [root, templates, join(root, "../packages")];
});

test("machines that are recorded while others prune never lack an image", async () => {
  const pruning = [prune.start(...folders), prune.start(...folders)];
  const recorded = await recordMachines.start(...folders, "5");
  for (const { stdin } of pruning) stdin.end();
  for (const { exitCode, stderr } of await Promise.all([recorded, ...pruning])) {
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  }
  expect(JSON.parse(recorded.stdout)).toEqual({ missing: 0 });
});

test("processes that prune together share the work", async () => {
  const { cache } = world.context.store.layout;
  for (const name of names(40)) await writeImage(cache, { kind: "boot", packages: [name] });
  const pruning = names(4).map(() => prune.start(...folders));
  for (const { stdin } of pruning) stdin.end();
  const counts = (await Promise.all(pruning)).flatMap(({ stdout }) =>
    numbers.parse(JSON.parse(stdout)),
  );
  expect(counts.filter((count) => count > 0)).toEqual([40]);
});

const numbers = z.array(z.number());

test("what a killed prune leaves is no half image, and goes the next time", async () => {
  const { store } = world.context;
  const { cache } = store.layout;
  const boot = { kind: "boot", packages: ["linux"] } as const;
  const engine = { kind: "engine", packages: ["docker"] } as const;
  await writeMachine(store, { name: "dev", boot, engine });
  await Promise.all([writeImage(cache, boot), writeImage(cache, engine)]);
  const needed = await filesBelow(root);
  for (const name of names(300)) {
    const key = await writeImage(cache, { kind: "boot", packages: [name] });
    const parts = names(5).map((part) => writeAt(join(cache, `images/boot-${key}`, part), part));
    await Promise.all(parts);
  }
  const images = join(cache, "images");
  const count = (await readdir(images)).length;
  const killed = prune.start(...folders);
  await poll(async () => ((await readdir(images)).length < count ? true : undefined), {
    ...{ waitingFor: "the first image to go", everyMs: 1 },
    ...{ timeoutMs: 30_000, signal: world.context.signal },
  });
  killed.kill("SIGKILL");
  await killed;
  const left = (await readdir(images)).filter((name) => /^boot-[0-9a-f]{16}$/.test(name));
  expect(left.length).toBeGreaterThan(1);
  for (const name of left) expect(await readdir(join(images, name))).toContain("image.json");
  await pruneStore(world.context, { extent: "everything" });
  expect(await filesBelow(root)).toEqual(needed);
});

function names(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `name-${index}`);
}
