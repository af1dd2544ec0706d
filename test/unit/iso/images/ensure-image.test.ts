import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { ensureImage, restoreImage } from "../../../../src/iso/images/ensure-image.ts";
import { type CachedImage, listImages } from "../../../../src/iso/images/image-cache.ts";
import { fakePackages } from "../../../support/fake-images-packages.ts";
import { type ImageWorld, imageWorld } from "../../../support/image-world.ts";
import { bundleProgram } from "../../../support/run-typescript.ts";

vi.setConfig({ testTimeout: 60_000 });

const newest = ({ options }: ImageWorld) => ({ ...options, freshness: "newest" as const });

/** SHA-256 of every file of the image. */
async function digestsOf({ directory, manifest }: CachedImage) {
  const digests: Record<string, string> = {};
  for (const name of Object.keys(manifest.files)) {
    const bytes = await readFile(join(directory, name));
    digests[name] = createHash("sha256").update(bytes).digest("hex");
  }
  return digests;
}

/** The archive has another version of a package of the boot image from now on. */
function release({ source }: ImageWorld, version: string): void {
  source.packages = fakePackages.map((item) =>
    item.name === "isolinux" ? { ...item, version } : item,
  );
  source.date = "2026-11-21T12:00:00.000Z";
}

describe("an image", () => {
  test("is built once; then the cache answers at once and without the network", async () => {
    const { boot, options, source } = await imageWorld();
    const built = await ensureImage(boot, options);
    expect(source.requests).toEqual(["open trixie amd64", "fetch"]);
    source.isOnline = false;
    const begun = performance.now();
    expect(await ensureImage(boot, options)).toEqual(built);
    expect(performance.now() - begun).toBeLessThan(100);
    expect(source.requests).toHaveLength(2);
  });

  test("says beside its files what it is made of, and how to check it", async () => {
    const { boot, options, images } = await imageWorld();
    const { manifest, directory } = await ensureImage(boot, options);
    expect(directory).toBe(join(images, `boot-${manifest.key}`));
    expect(JSON.parse(await readFile(join(directory, "image.json"), "utf8"))).toEqual(manifest);
    expect(manifest).toMatchObject({
      ...{ schemaVersion: 1, kind: "boot", architecture: "amd64" },
      version: "6.12.1-cloud-amd64",
      lock: { suite: "trixie", date: "2026-11-20T12:00:00.000Z" },
    });
    expect(manifest.lock.packages.map(({ name }) => name)).toEqual([
      ...["linux-image-cloud-amd64", "linux-image-6.12.1-cloud-amd64"],
      ...["busybox-static", "isolinux", "syslinux-common"],
    ]);
    for (const [name, { size, sha256 }] of Object.entries(manifest.files)) {
      expect((await stat(join(directory, name))).size).toBe(size);
      expect((await digestsOf({ manifest, directory }))[name]).toBe(sha256);
    }
  });

  test("of the same inputs has the same key and the same bytes", async () => {
    const [one, two] = [await imageWorld(), await imageWorld()];
    for (const kind of ["boot", "engine"] as const) {
      const first = await ensureImage(one[kind], one.options);
      const second = await ensureImage(two[kind], two.options);
      expect(second.manifest).toEqual(first.manifest);
      expect(await digestsOf(second)).toEqual(await digestsOf(first));
    }
  });

  test("of other templates has another key, and both stay", async () => {
    const [one, two] = [
      await imageWorld(),
      await imageWorld({ "guest/initramfs/init": "#!/bin/sh\necho another\n" }),
    ];
    const first = await ensureImage(one.boot, one.options);
    const second = await ensureImage(two.boot, { ...one.options, source: two.source });
    expect(second.manifest.key).not.toBe(first.manifest.key);
    expect(await listImages(one.options.cacheDirectory)).toHaveLength(2);
  });

  test("of another architecture is another image", async () => {
    const { boot, options, source } = await imageWorld();
    await ensureImage(boot, options);
    source.requests.length = 0;
    const other = await ensureImage({ ...boot, architecture: "arm64" }, options);
    expect(source.requests[0]).toBe("open trixie arm64");
    expect(other.manifest.architecture).toBe("arm64");
  });
});

describe("asked for the newest packages", () => {
  test("new ones give a new image, which is used from then on; the old one stays", async () => {
    const world = await imageWorld();
    const { boot, options } = world;
    const old = await ensureImage(boot, options);
    release(world, "6.05");
    expect(await ensureImage(boot, options)).toEqual(old);
    const image = await ensureImage(boot, newest(world));
    expect(image.manifest.key).not.toBe(old.manifest.key);
    expect(await ensureImage(boot, options)).toEqual(image);
    expect(await restoreImage(boot, old.manifest.key, options)).toEqual(old);
  });

  test("a new release with the same packages gives no new image", async () => {
    const world = await imageWorld();
    const { boot, options, source } = world;
    const old = await ensureImage(boot, options);
    release(world, "6.04");
    expect(await ensureImage(boot, newest(world))).toEqual(old);
    expect(source.fetches).toBe(1);
  });

  test("packages that were the newest before give the image that is there", async () => {
    const world = await imageWorld();
    const { boot, options, source } = world;
    const old = await ensureImage(boot, options);
    const { date } = source;
    release(world, "6.05");
    await ensureImage(boot, newest(world));
    source.packages = fakePackages;
    source.date = date;
    expect(await ensureImage(boot, newest(world))).toEqual(old);
    expect(source.fetches).toBe(2);
  });

  test("without a network is refused, and the image in the cache stays", async () => {
    const world = await imageWorld();
    const { boot, options, source } = world;
    const image = await ensureImage(boot, options);
    source.isOnline = false;
    await expect(ensureImage(boot, newest(world))).rejects.toMatchObject({
      code: "NETWORK_UNREACHABLE",
    });
    expect(await ensureImage(boot, options)).toEqual(image);
  });
});

describe("a damaged cache", () => {
  const damages = {
    "a file with other bytes": (path: string) => writeFile(path, "kernal"),
    "a file with other bytes and the old time": async (path: string) => {
      const { atime, mtime } = await stat(path);
      await writeFile(path, "kernel, longer");
      await utimes(path, atime, mtime);
    },
    "a file that is gone": (path: string) => rm(path),
  };

  test.each(Object.entries(damages))("with %s is mended to the same bytes", async (_, damage) => {
    const { boot, options, source, details } = await imageWorld();
    const image = await ensureImage(boot, options);
    const before = await digestsOf(image);
    source.packages = [];
    await damage(join(image.directory, "kernel"));
    expect(await ensureImage(boot, options)).toEqual(image);
    expect(await digestsOf(image)).toEqual(before);
    expect(details).toContain(`boot image ${image.manifest.key} is damaged; making it again`);
    expect(source.requests).toEqual(["open trixie amd64", "fetch", "fetch"]);
  });

  test("is mended also for the machine that was made with that image", async () => {
    const { boot, options } = await imageWorld();
    const image = await ensureImage(boot, options);
    await writeFile(join(image.directory, "kernel"), "damaged");
    expect(await restoreImage(boot, image.manifest.key, options)).toEqual(image);
    expect(await readFile(join(image.directory, "kernel"), "utf8")).toBe("kernel");
  });

  test("is mended also when the newest packages are those of the damaged image", async () => {
    const world = await imageWorld();
    const { boot, options, images } = world;
    const image = await ensureImage(boot, options);
    await writeFile(join(image.directory, "kernel"), "damaged");
    expect(await ensureImage(boot, newest(world))).toEqual(image);
    const [note = ""] = (await readdir(images)).filter((name) => name.endsWith(".json"));
    await rm(join(images, note));
    await writeFile(join(image.directory, "kernel"), "damaged");
    expect(await ensureImage(boot, options)).toEqual(image);
    expect(await readFile(join(image.directory, "kernel"), "utf8")).toBe("kernel");
  });

  test.each(["", "{", '{"key":1}'])(
    "with a note that says %o is as if it had none",
    async (text) => {
      const { boot, options, images, source } = await imageWorld();
      const image = await ensureImage(boot, options);
      const [note = ""] = (await readdir(images)).filter((name) => name.endsWith(".json"));
      await writeFile(join(images, note), text);
      expect(await ensureImage(boot, options)).toEqual(image);
      expect(source.fetches).toBe(1);
    },
  );

  test("with a damaged manifest is mended by building", async () => {
    const { boot, options, source } = await imageWorld();
    const image = await ensureImage(boot, options);
    await writeFile(join(image.directory, "image.json"), "{");
    expect(await listImages(options.cacheDirectory)).toEqual([]);
    expect(await ensureImage(boot, options)).toEqual(image);
    expect(source.fetches).toBe(2);
  });

  test("is left alone when a file's time has changed and its bytes have not", async () => {
    const { boot, options, source } = await imageWorld();
    const image = await ensureImage(boot, options);
    await utimes(join(image.directory, "kernel"), new Date(), new Date());
    expect(await ensureImage(boot, options)).toEqual(image);
    expect(source.fetches).toBe(1);
  });
});

describe("a machine's image", () => {
  test("is missing once it is gone", async () => {
    const { boot, options } = await imageWorld();
    const { manifest, directory } = await ensureImage(boot, options);
    await rm(directory, { recursive: true });
    await expect(restoreImage(boot, manifest.key, options)).rejects.toMatchObject({
      code: "IMAGE_MISSING",
      message: `boot image ${manifest.key} is no longer in the cache`,
    });
  });

  test("is corrupt when it is damaged and was made of other templates", async () => {
    const one = await imageWorld();
    const { manifest, directory } = await ensureImage(one.boot, one.options);
    const two = await imageWorld({ "guest/initramfs/init": "#!/bin/sh\necho another\n" });
    expect(await restoreImage(two.boot, manifest.key, one.options)).toMatchObject({ manifest });
    await writeFile(join(directory, "kernel"), "damaged");
    await expect(restoreImage(two.boot, manifest.key, one.options)).rejects.toMatchObject({
      code: "IMAGE_CORRUPT",
      message: `boot image ${manifest.key}: kernel is not what was built`,
    });
  });
});

describe("a build", () => {
  test("that fails leaves nothing, and the next one succeeds", async () => {
    const { boot, options, images } = await imageWorld();
    const failure = new Error("no space left");
    const failing = {
      ...boot,
      build: async () => {
        throw failure;
      },
    };
    await expect(ensureImage(failing, options)).rejects.toBe(failure);
    expect(await readdir(images)).toEqual([]);
    await ensureImage(boot, options);
  });

  test("that is cancelled ends with the signal's reason and leaves nothing", async () => {
    const { boot, options, images } = await imageWorld();
    const controller = new AbortController();
    const reason = new Error("the user pressed Ctrl-C");
    const report = { ...options.report, detail: () => controller.abort(reason) };
    const cancelled = ensureImage(boot, { ...options, report, signal: controller.signal });
    await expect(cancelled).rejects.toBe(reason);
    expect(await readdir(images)).toEqual([]);
  });

  test("clears away what a killed one left, but nothing of the other kind", async () => {
    const { boot, options, images } = await imageWorld();
    const left = [
      "boot.building/scratch",
      "boot-0123456789abcdef.7-aa.tmp",
      "boot.building.7-aa.tmp",
    ];
    const others = ["engine.building/scratch", "engine-0123456789abcdef.7-aa.tmp"];
    for (const path of [...left, ...others]) await mkdir(join(images, path), { recursive: true });
    const { manifest } = await ensureImage(boot, options);
    expect((await readdir(images)).filter((name) => !name.endsWith(".json"))).toEqual([
      `boot-${manifest.key}`,
      "engine-0123456789abcdef.7-aa.tmp",
      "engine.building",
    ]);
  });

  test("is done once by callers that ask at the same time", async () => {
    const { boot, options, source } = await imageWorld();
    const images = await Promise.all([
      ensureImage(boot, options),
      ensureImage(boot, options),
      ensureImage(boot, options),
    ]);
    expect(new Set(images.map(({ manifest }) => manifest.key)).size).toBe(1);
    expect(source.fetches).toBe(1);
  });

  test("is done once by processes that ask at the same time", async () => {
    const { templates, packagesFolder, options } = await imageWorld();
    const program = new URL("programs/ensure-images.ts", import.meta.url);
    await using processes = await bundleProgram(program);
    const started = [1, 2, 3].map((number) =>
      processes.start(templates, `${packagesFolder}-${number}`, options.cacheDirectory),
    );
    const results = await Promise.all(started);
    const answers = results.map(({ stdout, stderr }) => JSON.parse(`${stdout}` || `${stderr}`));
    expect(new Set(answers.map(({ key }) => key)).size).toBe(1);
    expect(answers.reduce((sum, { builds }) => sum + builds, 0)).toBe(1);
  });
});
