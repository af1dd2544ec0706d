import { access, cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, inject, test } from "vitest";
import * as z from "zod";
import { machineIn, smallMachine, type TestMachine } from "../support/machines/machine.ts";
import { importTinyImage, tinyImage } from "../support/machines/machine-rootfs.ts";
import { openTestStore, type TestStore } from "../support/machines/tsmachine.ts";

let store: TestStore;
let machine: TestMachine;
let strayImage: string;
let strayPackage: string;
beforeAll(async () => {
  // A cache of its own: one that stores share is not pruned.
  store = await openTestStore({ dockerProgram: inject("dockerProgram") });
  const cache = join(store.path, "cache");
  for (const folder of ["images", "packages", "releases"]) {
    await cp(join(inject("cacheDirectory"), folder), join(cache, folder), { recursive: true });
  }
  machine = machineIn(store, "default");
  const script = `tsmachine create ${smallMachine.join(" ")} default`;
  expect(await store.shell(script, { environment: noMirror })).toMatchObject({ exitCode: 0 });
  const { boot } = (await machine.inspect()).Record.images;
  strayImage = join(cache, "images/boot-0123456789abcdef");
  await cp(join(cache, `images/boot-${boot}`), strayImage, { recursive: true });
  strayPackage = join(cache, "packages", `${"0".repeat(64)}.deb`);
  await writeFile(strayPackage, Buffer.alloc(100_000, 1));
  return () => store[Symbol.asyncDispose]();
});

/** Nobody listens there, so that whatever works does so from the cache. */
const noMirror = { TSMACHINE_DEBIAN_MIRROR: "http://127.0.0.1:9/debian" };

const reportSchema = z.object({
  dryRun: z.boolean(),
  totalBytes: z.number(),
  removed: z.array(z.object({ kind: z.string(), path: z.string(), sizeBytes: z.number() })),
  reservations: z.array(z.unknown()),
});

async function prune(...flags: readonly string[]) {
  const { exitCode, stdout, stderr } = await store.tsmachine("prune", "--json", ...flags);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  return reportSchema.parse(JSON.parse(stdout));
}

test("beside a machine that runs, what no machine uses is told, and goes", async () => {
  await importTinyImage(machine);
  const foreseen = await prune("--dry-run");
  expect(foreseen.dryRun).toBe(true);
  const paths = foreseen.removed.map(({ path }) => path);
  expect(paths).toEqual(expect.arrayContaining([strayImage, strayPackage]));
  await Promise.all([access(strayImage), access(strayPackage)]);
  expect(await prune()).toEqual({ ...foreseen, dryRun: false });
  for (const path of paths) await expect(access(path)).rejects.toMatchObject({ code: "ENOENT" });
  expect((await store.tsmachine("prune")).stdout).toMatch(/^total +0 +0 B$/m);
});

test("the machine goes on, and starts again without a network", async () => {
  const run = `docker run --rm ${tinyImage} echo still there`;
  expect(await machine.shell(run)).toMatchObject({ stdout: "still there\n" });
  const restarted = await store.shell("tsmachine restart", { environment: noMirror });
  expect(restarted).toMatchObject({ exitCode: 0 });
  expect(await machine.shell(run)).toMatchObject({ stdout: "still there\n" });
});

test("another machine is made without a network", async () => {
  const script = `tsmachine prune --all && tsmachine create ${smallMachine.join(" ")} other`;
  expect(await store.shell(script, { environment: noMirror })).toMatchObject({ exitCode: 0 });
  expect((await store.tsmachine("status", "other")).stdout).toBe("Running\n");
});
