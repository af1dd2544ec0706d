import { mkdir, readdir, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { provideImages } from "../../../../src/core/images/images.ts";
import { withImagesInUse } from "../../../../src/core/images/images-in-use.ts";
import { findLeftMachines } from "../../../../src/core/prune/left-machines.ts";
import { findPrunable, pruneStore } from "../../../../src/core/prune/prune-store.ts";
import {
  identifyThisProcess,
  type ProcessIdentity,
} from "../../../../src/host/processes/process-identity.ts";
import { formatLockFile } from "../../../../src/iso/images/lock-file.ts";
import {
  filesBelow,
  type ImageContents,
  lockOfContents,
  sha256Of,
  writeAt,
  writeImage,
  writeInput,
  writeMachine,
  writePackage,
} from "../../../support/images/cache-world.ts";
import { machineRecord } from "../../../support/machines/machine-record.ts";
import { type CoreWorld, coreWorld, createRequest } from "../../../support/worlds/core-world.ts";

vi.setConfig({ testTimeout: 60_000 });

let world: CoreWorld;
let root: string;
let cache: string;
beforeEach(async () => {
  world = await coreWorld();
  ({ root, cache } = world.context.store.layout);
  await mkdir(cache, { recursive: true });
});

const prune = (extent: "unused" | "everything" = "unused") => pruneStore(world.context, { extent });
const boot: ImageContents = { kind: "boot", packages: ["linux"], inputs: ["vmlinuz"] };
const engine: ImageContents = { kind: "engine", packages: ["docker"] };
const oldEngine: ImageContents = { kind: "engine", packages: ["docker-old"] };

/** A process that has ended: its number is beyond what any system gives. */
const deadPid = 2 ** 30;
const left = (path: string) => `${path}.${deadPid}-0123abcd.tmp`;

describe("what no machine uses", () => {
  const cases = {
    "an image": async () => `images/engine-${await writeImage(cache, engine)}/image.json`,
    "an image that has lost its manifest": async () => "images/boot-0123456789abcdef/kernel",
    "a pointer to no image": async () => "images/boot-amd64-0123456789abcdef.json",
    "a package": () => writePackage(cache, "docker"),
    "an input": () => writeInput(cache, "vmlinuz"),
    "a package index": async () => `indexes/${sha256Of("index")}.xz`,
    "a temporary file of a process that is gone": async () => left("packages/some"),
    "a building place of a process that is gone": async () => "images/boot.building/scratch/some",
    "a bundle that a process which is gone was importing": async () => "bundle.importing/some",
  };

  test.each(Object.entries(cases))("goes: %s", async (_title, write) => {
    const path = await write();
    if (!(await filesBelow(cache)).includes(path)) await writeAt(join(cache, path), "{}");
    const { garbage, reservations } = await prune();
    expect(garbage).toHaveLength(1);
    expect(reservations).toEqual([]);
    expect(await filesBelow(cache)).toEqual([]);
  });

  test("is told with its size, in advance too, and then nothing changes", async () => {
    await writeAt(join(cache, `packages/${sha256Of("docker")}.deb`), "x".repeat(100_000));
    const before = await filesBelow(root);
    const found = await findPrunable(world.context, { extent: "unused" });
    expect(await filesBelow(root)).toEqual(before);
    expect(await readdir(cache)).toEqual(["packages"]);
    expect(found.garbage).toMatchObject([{ kind: "packages", sizeBytes: 100_000 }]);
    expect(await prune()).toEqual(found);
    expect((await prune()).garbage).toEqual([]);
  });
});

describe("what stays", () => {
  test("is what a machine boots and what that is made of, whatever the extent", async () => {
    await writeMachine(world.context.store, { name: "dev", boot, engine });
    await Promise.all([writeImage(cache, boot), writeImage(cache, engine)]);
    await Promise.all(["linux", "docker"].map((name) => writePackage(cache, name)));
    await writeInput(cache, "vmlinuz");
    const before = await filesBelow(root);
    await prune();
    expect((await prune("everything")).garbage).toEqual([]);
    expect(await filesBelow(root)).toEqual(before);
  });

  test("is every image that a record names, by whatever name", async () => {
    const previousEngine = await writeImage(cache, oldEngine);
    await writePackage(cache, "docker-old");
    const further = { previousEngine, kept: { key: await writeImage(cache, boot) } };
    await writeMachine(world.context.store, { name: "dev", boot, engine, otherImages: further });
    expect((await prune("everything")).garbage).toEqual([]);
  });

  test("is both engines of an upgrade that was interrupted, and what they are made of", async () => {
    const { store } = world.context;
    await writeMachine(store, { name: "dev", boot, engine });
    const [from, to] = [await writeImage(cache, oldEngine), await writeImage(cache, engine)];
    await store.writeMachine({ ...(await store.readMachine("dev")), upgrade: { from, to } });
    await store.writeMachineFiles("dev", {
      imageLocks: formatLockFile([boot, engine].map(lockOfContents), [lockOfContents(oldEngine)]),
    });
    await Promise.all(["docker", "docker-old"].map((name) => writePackage(cache, name)));
    expect((await prune("everything")).garbage).toEqual([]);
  });

  test("is what a machine's missing image could be made of again", async () => {
    await writeMachine(world.context.store, { name: "dev", boot, engine });
    await writePackage(cache, "docker");
    await writeInput(cache, "vmlinuz");
    expect((await prune("everything")).garbage).toEqual([]);
  });

  test("is what the next plain create uses, unless everything is to go", async () => {
    const { context } = world;
    const { images } = createRequest();
    await provideImages(context, { ...images, freshness: "cached" });
    const before = await filesBelow(cache);
    expect((await prune()).garbage).toEqual([]);
    expect(await filesBelow(cache)).toEqual(before);
    const { garbage } = await prune("everything");
    expect(garbage.map(({ kind }) => kind).sort()).toEqual([
      ...["images", "images", "pointers", "pointers"],
    ]);
    expect(await filesBelow(cache)).toEqual([]);
  });

  test.each(["unused", "everything"] as const)(
    "are the newest dates of releases, and what no tsmachine has written (%s)",
    async (extent) => {
      const kept = ["releases/trixie.date", "images/notes.txt", "packages/mine.deb", "other/file"];
      for (const path of kept) await writeAt(join(cache, path), "text");
      await prune(extent);
      expect(await filesBelow(cache)).toEqual(kept.toSorted());
    },
  );

  test("are the newest offers of each suite and downloads to go on with, unless everything is to go", async () => {
    const offers = (suite: string, text: string) => `offers/${suite}-${sha256Of(text)}.json`;
    const part = `packages/${sha256Of("docker")}.deb.part`;
    await writeAt(join(cache, offers("sid", "old")), "{}", 3);
    await writeAt(join(cache, offers("sid", "new")), "{}", 1);
    await writeAt(join(cache, offers("trixie-backports", "only")), "{}", 9);
    await writeAt(join(cache, part), "par");
    await writeAt(join(cache, `inputs/${sha256Of("docker.tgz")}.part`), "par");
    expect((await prune()).garbage.map(({ path }) => path)).toEqual([
      join(cache, offers("sid", "old")),
    ]);
    const { garbage } = await prune("everything");
    expect(garbage.map(({ kind }) => kind)).toEqual([
      ...["offers", "offers", "downloads", "downloads"],
    ]);
  });
});

describe("when it is not known what is needed", () => {
  const damage = {
    "a damaged record": ["machine.json", "{"],
    "a newer record": ["machine.json", JSON.stringify({ schemaVersion: 99 })],
    "damaged locks": ["images.lock.json", "{}"],
  } as const;

  test.each(Object.entries(damage))(
    "because of %s, images, packages and inputs stay, and it is said why",
    async (_title, [file, text]) => {
      await writeMachine(world.context.store, { name: "dev", boot, engine });
      await writeFile(join(world.context.store.machineLayout("dev").directory, file), text);
      await writeImage(cache, oldEngine);
      await writePackage(cache, "docker-old");
      await writeInput(cache, "vmlinuz");
      await writeAt(join(cache, `indexes/${sha256Of("index")}.xz`), "index");
      const { garbage, reservations } = await prune("everything");
      expect(garbage.map(({ kind }) => kind)).toEqual(["indexes"]);
      expect(reservations).toEqual([
        {
          reason: expect.stringMatching(/^all images, packages and inputs are kept: .*dev/),
          hints: [expect.stringMatching(/rm.* dev|newer program/)],
        },
      ]);
    },
  );

  test("because other stores share the cache, it stays as it is", async () => {
    await writeImage(cache, engine);
    await rename(cache, join(root, "elsewhere"));
    await symlink(join(root, "elsewhere"), cache);
    const { garbage, reservations } = await prune("everything");
    expect(garbage).toEqual([]);
    expect(reservations).toMatchObject([{ reason: expect.stringContaining("symbolic link") }]);
  });

  test("because a command uses the cache, it stays as it is until that has ended", async () => {
    await writeImage(cache, engine);
    await writeAt(join(cache, left("packages/some")), "part of a package");
    await withImagesInUse(world.context, async () => {
      const { garbage, reservations } = await prune("everything");
      expect(garbage.map(({ kind }) => kind)).toEqual(["leftovers"]);
      expect(reservations).toMatchObject([
        { reason: expect.stringContaining(`in use by process ${process.pid}`) },
      ]);
      const foreseen = await findPrunable(world.context, { extent: "unused" });
      expect(foreseen).toEqual({ garbage: [], reservations });
    });
    expect((await prune()).garbage).toMatchObject([{ kind: "images" }]);
  });

  test("a lease of a process that is gone keeps nothing", async () => {
    const lease = JSON.stringify({ pid: process.pid, startedAt: "long ago" });
    await writeAt(join(cache, "leases/1-0123abcd.lease"), lease);
    await writeImage(cache, engine);
    expect((await prune()).garbage).toMatchObject([{ kind: "images" }]);
    expect(await filesBelow(root)).toEqual([]);
  });
});

describe("what killed processes have left", () => {
  const gone = JSON.stringify({ pid: process.pid, startedAt: "long ago", token: "t" });
  const here = (path: string) => `${path}.${process.pid}-0123abcd.tmp`;

  test("goes wherever it is in the store", async () => {
    await writeMachine(world.context.store, { name: "dev", boot, engine });
    const before = await filesBelow(root);
    const leftovers = [
      ...[left("config.json"), left("certs/ca.pem"), left("machines/dev/machine.json")],
      ...[left("cache/images/boot-0123456789abcdef"), left("cache/inputs/input")],
      ...["partial/machines/gone/machine.json", "partial/certs/ca.pem"],
    ];
    for (const path of leftovers) await writeAt(join(root, path), "text");
    const locks = ["locks/machine-gone.lock", "locks/store.lock", "cache/images/boot.lock"];
    for (const path of locks) await writeAt(join(root, path), gone);
    const { garbage } = await prune();
    expect(garbage.map(({ path }) => path).sort()).toEqual(
      [
        ...leftovers.slice(0, 5).map((path) => join(root, path)),
        ...["partial/machines/gone", "partial/certs", ...locks].map((path) => join(root, path)),
      ].sort(),
    );
    expect(await filesBelow(root)).toEqual(before);
  });

  test("is not what a process that runs is writing", async () => {
    await writeAt(join(root, here("config.json")), "text");
    await mkdir(join(root, "locks"), { recursive: true });
    const { store, signal } = world.context;
    await store.withMachineLock("dev", { timeoutMs: 1_000, signal }, async () => {
      await writeAt(join(root, "partial/machines/dev/machine.json"), "text");
      const before = await filesBelow(root);
      expect((await prune()).garbage).toEqual([]);
      expect(await filesBelow(root)).toEqual(before);
    });
  });

  test("is what rests for an hour although the number of its process is in use", async () => {
    await writeAt(join(root, here("config.json")), "text", 1);
    expect((await prune()).garbage).toMatchObject([{ kind: "leftovers" }]);
  });
});

describe("machines that a process had made for itself", () => {
  const make = async (name: string, user: ProcessIdentity | undefined) => {
    const record = machineRecord({ name, cell: "6.1/26.1", ...(user !== undefined && { user }) });
    await world.context.store.createMachine(record, {});
  };

  test("go when it was killed, and only then", async () => {
    await make("left", { pid: deadPid, startedAt: "1" });
    await make("in-use", await identifyThisProcess());
    await make("kept", undefined);
    const { directory } = world.context.store.machineLayout("left");
    const found = await findPrunable(world.context, { extent: "unused" });
    expect(found.garbage).toMatchObject([{ kind: "leftovers", path: directory }]);
    expect((await prune()).garbage).toEqual(found.garbage);
    expect(await world.context.store.listMachineNames()).toEqual(["in-use", "kept"]);
    expect((await prune()).garbage).toEqual([]);
  });

  test("are not removed twice, nor when somebody has taken their name meanwhile", async () => {
    const { context } = world;
    await make("left", { pid: deadPid, startedAt: "1" });
    const [found] = await findLeftMachines(context);
    const [again] = await findLeftMachines(context);
    expect(await found?.remove(context.signal)).toBe(true);
    expect(await again?.remove(context.signal)).toBe(false);
    await make("left", await identifyThisProcess());
    expect(await again?.remove(context.signal)).toBe(false);
    expect(await context.store.listMachineNames()).toEqual(["left"]);
  });
});
