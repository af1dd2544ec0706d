import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { ImageLock } from "../../../../src/iso/images/image-lock.ts";
import { parseLockFile } from "../../../../src/iso/images/lock-file.ts";
import { fakePackages } from "../../../support/images/fake-images-packages.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";
import { type CoreWorld, coreWorld } from "../../../support/worlds/core-world.ts";
import { isoCommands } from "../../../support/worlds/iso-commands.ts";

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let world: CoreWorld;
const { iso, images, pathIn, lockFile } = isoCommands(() => world);
beforeEach(async () => {
  world = await coreWorld();
  await iso("build");
});

const cacheFolder = () => world.context.store.layout.cache;

async function bootLock(path: string): Promise<ImageLock> {
  const { boot } = parseLockFile(await readFile(path, "utf8"), path);
  if (boot === undefined) throw new Error("no lock of a boot image");
  return boot;
}

/** Puts the packages of that lock into the cache, where a real source would have put them. */
async function keepPackages({ packages }: ImageLock): Promise<readonly string[]> {
  const folder = join(cacheFolder(), "packages");
  await mkdir(folder, { recursive: true });
  const wanted = { packages, date: world.packages.date };
  const fetched = await world.packages.fetch(wanted, () => {});
  return Promise.all(
    fetched.map(async ({ path, sha256 }) => {
      const kept = join(folder, `${sha256}.deb`);
      await copyFile(path, kept);
      return kept;
    }),
  );
}

/** The lock file with the boot image's lock changed. */
async function changedLock(change: (lock: ImageLock) => ImageLock): Promise<string> {
  const path = join(await temporaryDirectory(), "changed.lock.json");
  const changed = change(await bootLock(await lockFile()));
  await writeFile(path, JSON.stringify({ lockFileVersion: 1, images: [changed] }));
  return path;
}

describe("iso verify, against the lock of an image itself,", () => {
  test("hashes what the cache has of its packages", async () => {
    const paths = await keepPackages(await bootLock(await lockFile()));
    expect((await iso("verify")).stdout).toMatch(/^boot .* 6\/6 +ok$/m);
    await rm(paths[0] ?? "");
    const { stdout, exitStatus } = await iso("verify");
    expect(stdout).toMatch(/^boot .* 5\/6 +ok$/m);
    expect(exitStatus).toBe(0);
  });

  test("names a package whose bytes are others, and leaves it as it is", async () => {
    const [path = ""] = await keepPackages(await bootLock(await lockFile()));
    await writeFile(path, "other");
    const { stdout, exitStatus } = await iso("verify");
    expect(exitStatus).toBe(1);
    expect(stdout).toMatch(
      /5\/6 +packages\/[0-9a-f]{64}\.deb is not the linux-image-cloud-amd64 6\.12\.1-1 of the lock$/m,
    );
    expect(await readFile(path, "utf8")).toBe("other");
  });

  test("sees by its key that the packages in the manifest were changed", async () => {
    const path = await pathIn("boot", "image.json");
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replace(`"version": "1.37"`, `"version": "1.36"`));
    const { stdout, exitStatus } = await iso("verify");
    expect(exitStatus).toBe(1);
    expect(stdout).toContain("image.json has the lock of another image");
  });

  test("sees that the boot ISO is of another lock, though its manifest has its hash", async () => {
    const [former] = await images("ls");
    world.packages.packages = fakePackages.map((item) =>
      item.name === "isolinux" ? { ...item, version: "6.05" } : item,
    );
    const [current] = await images("build", "--refresh");
    const ofFormer = join(cacheFolder(), "images", `boot-${former?.key}`);
    const ofCurrent = join(cacheFolder(), "images", `boot-${current?.key}`);
    const manifests = await Promise.all(
      [ofFormer, ofCurrent].map(async (folder) =>
        JSON.parse(await readFile(join(folder, "image.json"), "utf8")),
      ),
    );
    await copyFile(join(ofFormer, "boot.iso"), join(ofCurrent, "boot.iso"));
    const files = { ...manifests[1].files, "boot.iso": manifests[0].files["boot.iso"] };
    await writeFile(join(ofCurrent, "image.json"), JSON.stringify({ ...manifests[1], files }));
    const { stdout, exitStatus } = await iso("verify", current?.key ?? "");
    expect(exitStatus).toBe(1);
    expect(stdout).toMatch(/ boot\.iso was made of another lock$/m);
  });
});

describe("iso verify --lock", () => {
  test("checks the images of the lock, also when others are current by now", async () => {
    const built = await images("ls");
    const lock = await lockFile();
    world.packages.packages = fakePackages.map((item) => ({ ...item, version: "99" }));
    await iso("build", "--refresh");
    for (const flags of [[], ["--rebuild"]]) {
      const verified = await images("verify", "--lock", lock, ...flags);
      expect(verified).toMatchObject(built.map(({ key }) => ({ key, problems: [] })));
    }
  });

  test("ends with 1 when the cache has no image of the lock, and counts its packages", async () => {
    const lock = await lockFile();
    await keepPackages(await bootLock(lock));
    await rm(join(cacheFolder(), "images"), { recursive: true });
    const { stdout, exitStatus } = await iso("verify", "--lock", lock);
    expect(exitStatus).toBe(1);
    expect(stdout).toMatch(/^boot +- +[0-9a-f]{16} +6\/6 +image\.json is missing or damaged$/m);
  });

  const other = "1".repeat(64);
  const rows: {
    readonly title: string;
    readonly change: (lock: ImageLock) => ImageLock;
    readonly problem: string;
  }[] = [
    {
      title: "another version of a package",
      change: changePackage("busybox-static", (one) => ({ ...one, version: "1.38" })),
      problem: "image.json has busybox-static 1.37 in place of 1.38",
    },
    {
      title: "other bytes of a package",
      change: changePackage("busybox-static", (one) => ({ ...one, sha256: other })),
      problem: "image.json has busybox-static 1.37 with other bytes",
    },
    {
      title: "a package more",
      change: (lock) => ({
        ...lock,
        packages: lock.packages.flatMap((one) =>
          one.name === "isolinux" ? [one, { ...one, name: "further" }] : [one],
        ),
      }),
      problem: "image.json lacks further 6.04",
    },
    {
      title: "a package less",
      change: (lock) => ({
        ...lock,
        packages: lock.packages.filter(({ name }) => name !== "isolinux"),
      }),
      problem: "image.json has isolinux 6.04 besides",
    },
    {
      title: "a file of the user's",
      change: (lock) => ({ ...lock, inputs: [{ name: "vmlinuz", size: 1, sha256: other }] }),
      problem: "image.json lacks vmlinuz",
    },
    {
      title: "another state of the release",
      change: (lock) => ({
        ...lock,
        releases: [{ suite: "trixie", date: "2026-11-21T12:00:00.000Z" }],
      }),
      problem: "image.json was made of another state of the releases",
    },
    {
      title: "other templates",
      change: (lock) => ({ ...lock, templates: "other" }),
      problem: "image.json was made by another version of tsmachine",
    },
    {
      title: "another processor",
      change: (lock) => ({ ...lock, architecture: "arm64" }),
      problem: "image.json is for amd64 in place of arm64",
    },
  ];
  test.each(rows)(
    "tells that an image is not of a lock with $title",
    async ({ change, problem }) => {
      const key = (await images("ls")).find(({ kind }) => kind === "boot")?.key ?? "";
      const { stdout, exitStatus } = await iso("verify", key, "--lock", await changedLock(change));
      expect(exitStatus).toBe(1);
      expect(stdout).toMatch(new RegExp(` ${problem.replaceAll(".", "\\.")}$`, "m"));
    },
  );

  test("compares with what the lock makes when it is made again", async () => {
    const key = (await images("ls")).find(({ kind }) => kind === "boot")?.key ?? "";
    const lock = await changedLock((own) => ({
      ...own,
      releases: [{ suite: "trixie", date: "2026-11-21T12:00:00.000Z" }],
    }));
    const { stdout } = await iso("verify", key, "--lock", lock, "--rebuild");
    expect(stdout).toContain("boot.iso comes out otherwise when it is made again of the lock");
    expect(stdout).not.toContain("kernel comes out otherwise");
  });

  test("refuses an image for which the file has no lock", async () => {
    const lock = await changedLock((own) => own);
    const key = (await images("ls")).find(({ kind }) => kind === "engine")?.key ?? "";
    await expect(iso("verify", key, "--lock", lock)).rejects.toMatchObject({
      code: "INVALID_INPUT",
      message: `the lock file has no lock for engine image ${key}`,
    });
  });

  test("does not go with --all", async () => {
    await expect(iso("verify", "--all", "--lock", "x")).rejects.toMatchObject({
      code: "commander.conflictingOption",
    });
  });
});

function changePackage(
  name: string,
  change: (one: ImageLock["packages"][number]) => ImageLock["packages"][number],
): (lock: ImageLock) => ImageLock {
  return (lock) => ({
    ...lock,
    packages: lock.packages.map((one) => (one.name === name ? change(one) : one)),
  });
}
