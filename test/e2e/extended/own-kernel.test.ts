import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, inject, test } from "vitest";
import * as z from "zod";
import { run } from "../../../src/host/processes/run.ts";
import { readOffered } from "../../e2e-kernels/offers.ts";
import { planPairs } from "../../e2e-kernels/plan.ts";
import { probe } from "../../e2e-kernels/probe.ts";
import { parseSettings } from "../../e2e-kernels/settings.ts";
import { machineIn, openSharedCacheStore, smallMachine } from "../../support/machines/machine.ts";

const imagesSchema = z.array(
  z.looseObject({
    key: z.string(),
    version: z.string(),
    packages: z.array(z.looseObject({ name: z.string(), sha256: z.string() })),
    inputs: z.array(z.looseObject({ name: z.string() })),
  }),
);

/** Debian's newest kernel, as a user has it who has built or downloaded it. */
let kernel: { release: string; packages: readonly string[] };
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tsmachine-kernel-"));
  return () => rm(folder, { recursive: true, force: true });
});
beforeAll(async () => {
  kernel = await provideKernel();
});

async function provideKernel(): Promise<typeof kernel> {
  await using store = await openSharedCacheStore();
  const newest = planPairs(await readOffered(store), parseSettings(["--ci"])).at(-1);
  if (newest === undefined) throw new Error("Debian offers no kernel");
  const { stdout } = await store.tsmachine("iso", "build", "--json", ...newest.flags);
  const [boot] = imagesSchema.parse(JSON.parse(stdout));
  // Downloads keep no names.
  const packages: string[] = [];
  for (const { name, sha256 } of boot?.packages ?? []) {
    if (!name.endsWith(newest.release)) continue;
    const path = join(folder, `${name}.deb`);
    await run("cp", [join(inject("cacheDirectory"), "packages", `${sha256}.deb`), path]);
    packages.push(path);
  }
  return { release: newest.release, packages };
}

test("a machine boots the kernel of `--kernel-deb` packages", async () => {
  await using store = await openSharedCacheStore();
  const flags = kernel.packages.flatMap((path) => ["--kernel-deb", path]);
  const created = await store.tsmachine("create", ...smallMachine, ...flags, "default");
  expect(created).toMatchObject({ exitCode: 0 });
  expect(await probe(store, "default")).toMatchObject({ release: kernel.release });
  const { stdout } = await store.tsmachine("iso", "ls", "--json");
  const { boot } = (await machineIn(store, "default").inspect()).Record.images;
  const listed = imagesSchema.parse(JSON.parse(stdout)).find(({ key }) => key === boot);
  expect(listed?.version).toBe(kernel.release);
  expect(listed?.inputs).toHaveLength(kernel.packages.length);
});

test("a machine boots a kernel's files, and goes on doing so when they are gone", async () => {
  await using store = await openSharedCacheStore();
  const built = join(folder, "built");
  for (const path of kernel.packages) await run("dpkg-deb", ["--extract", path, built]);
  const modules = join(built, "usr/lib/modules", kernel.release);
  const flags = [
    ...["--kernel-image", join(modules, "vmlinuz"), "--kernel-modules", built],
    ...["--kernel-config", join(modules, "config")],
  ];
  const created = await store.tsmachine("create", ...smallMachine, ...flags, "default");
  expect(created).toMatchObject({ exitCode: 0 });
  const machine = machineIn(store, "default");
  expect(await machine.guest("uname -r")).toBe(`${kernel.release}\n`);

  expect(await store.tsmachine("kill", "default")).toMatchObject({ exitCode: 0 });
  const { boot } = (await machine.inspect()).Record.images;
  await rm(built, { recursive: true });
  await rm(join(inject("cacheDirectory"), "images", `boot-${boot}`), { recursive: true });
  expect(await store.tsmachine("start", "default")).toMatchObject({ exitCode: 0 });
  expect(await machine.guest("uname -r")).toBe(`${kernel.release}\n`);
});
