import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { createCommand } from "../../../../src/cli/commands/machine/create.ts";
import { readIso } from "../../../support/archives/iso-reader.ts";
import { fakePackages } from "../../../support/images/fake-images-packages.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";
import { runCommand } from "../../../support/worlds/cli-world.ts";
import { type CoreWorld, coreWorld } from "../../../support/worlds/core-world.ts";
import { isoCommands } from "../../../support/worlds/iso-commands.ts";

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let world: CoreWorld;
beforeEach(async () => {
  world = await coreWorld();
});

const { iso, images, lockFile } = isoCommands(() => world);
const create = (...args: string[]) => {
  world.provider.guest = "serving";
  return runCommand(world, createCommand, ["-d", "fake", ...args]);
};

const imagesFolder = () => join(world.context.store.layout.cache, "images");

/** From now on the archive has a newer package in either image. */
function updatePackages(): void {
  const updated = ["isolinux", "runc"];
  world.packages.packages = fakePackages.map((item) =>
    updated.includes(item.name) ? { ...item, version: "99" } : item,
  );
}

describe("iso build --lock", () => {
  test("makes the same images again, whatever the archive has by now", async () => {
    const built = await images("build");
    const lock = await lockFile();
    await rm(imagesFolder(), { recursive: true });
    world.packages.packages = [];
    world.packages.requests.length = 0;
    expect(await images("build", "--lock", lock)).toEqual(built);
    expect(new Set(world.packages.requests)).toEqual(new Set(["fetch"]));
  });

  test("takes what the cache has without asking for anything", async () => {
    const built = await images("build");
    world.packages.isOnline = false;
    expect(await images("build", "--lock", await lockFile())).toEqual(built);
  });

  test("makes the images of another architecture", async () => {
    world.packages.packages = fakePackages.map((item) =>
      item.name === "linux-image-cloud-amd64" ? { ...item, name: "linux-image-cloud-arm64" } : item,
    );
    const [boot] = await images("build", "--arch", "arm64");
    const lock = await lockFile(boot?.key ?? "");
    await rm(imagesFolder(), { recursive: true });
    expect(await images("build", "--lock", lock)).toEqual([boot]);
    expect(boot).toMatchObject({ architecture: "arm64" });
  });

  test("refuses a lock that was written with other templates", async () => {
    await iso("build");
    const lock = await lockFile();
    const text = await readFile(lock, "utf8");
    await writeFile(lock, text.replace(/"templates": "[0-9a-f]{64}"/, `"templates": "other"`));
    await expect(iso("build", "--lock", lock)).rejects.toMatchObject({ code: "LOCK_MISMATCH" });
  });

  test.each([
    { what: "no file", text: undefined, code: "FILE_UNREADABLE" },
    { what: "something else", text: "{}", code: "LOCK_INVALID" },
  ])("refuses $what", async ({ text, code }) => {
    const path = join(await temporaryDirectory(), "lock");
    if (text !== undefined) await writeFile(path, text);
    await expect(iso("build", "--lock", path)).rejects.toMatchObject({ code });
  });

  test("takes the images that it has made for present from then on", async () => {
    await iso("build");
    const lock = await lockFile();
    await rm(imagesFolder(), { recursive: true });
    const made = await images("build", "--lock", lock);
    world.packages.requests.length = 0;
    expect(await images("build", "--lock", lock)).toEqual(made);
    expect(world.packages.requests).toEqual([]);
  });

  test("says in one line what a lock is believed for", async () => {
    await iso("build");
    expect(world.warnings).toEqual([]);
    await iso("build", "--lock", await lockFile());
    expect(world.warnings).toEqual([
      "the packages are believed by the hashes of the lock and not by a fresh signature of Debian's; use locks of people you trust",
    ]);
  });

  test("makes of the locked images an ISO that docker-machine boots", async () => {
    await iso("build");
    const lock = await lockFile();
    updatePackages();
    await iso("build", "--refresh");
    const path = join(await temporaryDirectory(), "b2d.iso");
    const { stdout } = await iso("build", "--lock", lock, "--boot2docker", "-o", path);
    expect(stdout).toBe(`${path}\n`);
    const content = readIso(await readFile(path)).get("lock.json")?.content;
    expect(`${content}`).toBe(await readFile(lock, "utf8"));
  });

  test("refuses to make one ISO of images for two architectures", async () => {
    world.packages.packages = [
      ...fakePackages,
      ...fakePackages.map((item) => ({ ...item, name: item.name.replace("amd64", "arm64") })),
    ];
    await iso("build");
    const locks = JSON.parse(await readFile(await lockFile(), "utf8"));
    const [boot] = await images("build", "--arch", "arm64");
    const [arm64Boot] = JSON.parse(await readFile(await lockFile(boot?.key ?? ""), "utf8")).images;
    const path = join(await temporaryDirectory(), "lock");
    await writeFile(path, JSON.stringify({ ...locks, images: [arm64Boot, locks.images[1]] }));
    const folder = await temporaryDirectory();
    const ofTwo = iso("build", "--lock", path, "--boot2docker", "-o", join(folder, "x.iso"));
    await expect(ofTwo).rejects.toMatchObject({
      code: "LOCK_INVALID",
      message: "the locked boot image is for arm64, the engine image for amd64",
    });
    expect(await readdir(folder)).toEqual([]);
  });

  test.each([
    ["--refresh"],
    ["--kernel", "6.12"],
    ["--engine-version", "26.1"],
    ["--arch", "arm64"],
  ])("goes with no flag that chooses images, such as %s", async (...flags) => {
    await expect(iso("build", "--lock", "x", ...flags)).rejects.toMatchObject({
      code: "commander.conflictingOption",
    });
  });
});

describe("create --lock", () => {
  test("gives the machine exactly the images of the lock, whatever is newer", async () => {
    const built = await images("build");
    const lock = await lockFile();
    updatePackages();
    await iso("build", "--refresh");
    world.packages.isOnline = false;
    await create("--lock", lock, "dev");
    expect((await images("inspect", "dev")).map(({ key }) => key)).toEqual(
      built.map(({ key }) => key),
    );
    const { imageLocks } = await world.context.store.readMachineFiles("dev");
    expect(imageLocks).toBe(await readFile(lock, "utf8"));
    expect(world.warnings).toEqual([expect.stringMatching(/^the packages are believed by/)]);
  });

  test("makes them where the cache does not have them", async () => {
    const built = await images("build");
    const lock = await lockFile();
    await rm(imagesFolder(), { recursive: true });
    updatePackages();
    await create("--lock", lock, "dev");
    expect((await images("inspect", "dev")).map(({ key }) => key)).toEqual(
      built.map(({ key }) => key),
    );
  });

  test.each(["boot", "engine"])(
    "takes the standard image where the lock has the %s image alone",
    async (kind) => {
      const built = await images("build");
      const { key = "" } = built.find((image) => image.kind === kind) ?? {};
      const lock = await lockFile(key);
      updatePackages();
      const newest = await images("build", "--refresh");
      await create("--lock", lock, "dev");
      expect((await images("inspect", "dev")).map((image) => image.key)).toEqual(
        newest.map((image) => (image.kind === kind ? key : image.key)),
      );
    },
  );

  test("makes no machine of a lock that does not fit", async () => {
    await iso("build");
    const lock = await lockFile();
    const text = await readFile(lock, "utf8");
    await writeFile(lock, text.replace(/"templates": "[0-9a-f]{64}"/, `"templates": "other"`));
    await expect(create("--lock", lock, "dev")).rejects.toMatchObject({ code: "LOCK_MISMATCH" });
    expect(await world.context.store.listMachineNames()).toEqual([]);
  });

  test.each([
    ["--kernel", "6.12"],
    ["--engine-version", "26.1"],
    ["--arch", "arm64"],
  ])("goes with no flag that chooses images, such as %s", async (...flags) => {
    await expect(create("--lock", "x", ...flags)).rejects.toMatchObject({
      code: "commander.conflictingOption",
    });
  });
});
