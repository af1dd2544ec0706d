import { cp, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, inject, test } from "vitest";
import * as z from "zod";
import { machineIn, smallMachine, type TestMachine } from "../support/machines/machine.ts";
import { importTinyImage, tinyImage } from "../support/machines/machine-rootfs.ts";
import { openTestStore, type TestStore } from "../support/machines/tsmachine.ts";
import { leftoversIn, nothingLeft } from "../support/machines/tsmachine-leftovers.ts";

let store: TestStore;
let machine: TestMachine;
beforeAll(async () => {
  // A cache of its own, because this one is going to be damaged.
  store = await openTestStore({ dockerProgram: inject("dockerProgram") });
  await cp(inject("cacheDirectory"), join(store.path, "cache"), { recursive: true });
  machine = machineIn(store, "default");
  return () => store[Symbol.asyncDispose]();
});

/** Nobody listens there, so that whatever works does so from the cache. */
const noMirror = { TSMACHINE_DEBIAN_MIRROR: "http://127.0.0.1:9/debian" };

test("a damaged engine image is made again by `create`, without a network", async () => {
  for (const key of await keysOf("engine")) {
    await damage(join(store.path, `cache/images/engine-${key}/engine.iso`), 50 << 20);
  }
  const script = `tsmachine create ${smallMachine.join(" ")} default`;
  expect(await store.shell(script, { environment: noMirror })).toMatchObject({ exitCode: 0 });
  await importTinyImage(machine);
});

test("a damaged kernel and a missing seed image are made again by `start`", async () => {
  expect(await store.tsmachine("stop")).toMatchObject({ exitCode: 0 });
  const { boot } = (await machine.inspect()).Record.images;
  await damage(join(store.path, `cache/images/boot-${boot}/kernel`), 1 << 20);
  await rm(join(store.path, "machines/default/seed.iso"));
  const started = await store.shell("tsmachine start", { environment: noMirror });
  expect(started).toMatchObject({ exitCode: 0 });
  const run = `docker run --rm ${tinyImage} echo still there`;
  expect(await machine.shell(run)).toMatchObject({ exitCode: 0, stdout: "still there\n" });
});

test("a disk that holds something else ends `start` with the guest's reason, and is not written to", async () => {
  expect(await store.tsmachine("stop")).toMatchObject({ exitCode: 0 });
  const { dataDisk } = (await machine.inspect()).Files;
  await damage(dataDisk, 0);
  expect(await store.tsmachine("start")).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(/^tsmachine: error: .*data disk: .* \[MACHINE_FAILED\]$/m),
  });
  expect(await firstBytes(dataDisk)).toEqual(junk);
  expect((await store.tsmachine("status")).stdout).toBe("Stopped\n");
});

test("a disk that is gone is told by `ls` and `start`, and the machine can be removed", async () => {
  await rm((await machine.inspect()).Files.dataDisk);
  expect((await store.tsmachine("ls")).stdout).toMatch(
    /^default .* Error .*disk or folder is gone/m,
  );
  expect(await store.tsmachine("start")).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining("[INSTANCE_MISSING]"),
  });
  expect(await store.tsmachine("rm", "-y", "default")).toMatchObject({ exitCode: 0 });
  expect(await leftoversIn(store)).toEqual(nothingLeft);
});

const imagesSchema = z.array(z.looseObject({ kind: z.string(), key: z.string() }));

async function keysOf(kind: string): Promise<string[]> {
  const { stdout } = await store.tsmachine("iso", "ls", "--json");
  const images = imagesSchema.parse(JSON.parse(stdout));
  return images.filter((image) => image.kind === kind).map(({ key }) => key);
}

const junk = Buffer.alloc(4096, 0xee);

/** Changes some bytes of a file, as a failing disk does. */
async function damage(path: string, offset: number): Promise<void> {
  const file = await open(path, "r+");
  try {
    await file.write(junk, 0, junk.length, offset);
  } finally {
    await file.close();
  }
}

async function firstBytes(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    return (await file.read(Buffer.alloc(junk.length), 0, junk.length, 0)).buffer;
  } finally {
    await file.close();
  }
}
