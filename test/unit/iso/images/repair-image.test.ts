import { readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { listImages } from "../../../../src/iso/images/cache/image-cache.ts";
import { ensureImage, restoreImage } from "../../../../src/iso/images/making/ensure-image.ts";
import { digestsOf, imageWorld } from "../../../support/images/image-world.ts";

vi.setConfig({ testTimeout: 60_000 });

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
    expect(await restoreImage(boot, image.manifest, options)).toEqual(image);
    expect(await readFile(join(image.directory, "kernel"), "utf8")).toBe("kernel");
  });

  test("is mended also when the newest packages are those of the damaged image", async () => {
    const world = await imageWorld();
    const { boot, options, images } = world;
    const image = await ensureImage(boot, options);
    await writeFile(join(image.directory, "kernel"), "damaged");
    expect(await ensureImage(boot, { ...options, freshness: "newest" })).toEqual(image);
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
    await expect(restoreImage(boot, { key: manifest.key }, options)).rejects.toMatchObject({
      code: "IMAGE_MISSING",
      message: `boot image ${manifest.key} is no longer in the cache`,
    });
  });

  test("is made again once it is gone, of what the machine knows of it", async () => {
    const { boot, options } = await imageWorld();
    const { manifest, directory } = await ensureImage(boot, options);
    await rm(directory, { recursive: true });
    expect(await restoreImage(boot, manifest, options)).toEqual({ manifest, directory });
  });

  test("is corrupt when it is damaged and was made of other templates", async () => {
    const one = await imageWorld();
    const { manifest, directory } = await ensureImage(one.boot, one.options);
    const two = await imageWorld({ "guest/initramfs/init": "#!/bin/sh\necho another\n" });
    expect(await restoreImage(two.boot, manifest, one.options)).toMatchObject({ manifest });
    await writeFile(join(directory, "kernel"), "damaged");
    await expect(restoreImage(two.boot, manifest, one.options)).rejects.toMatchObject({
      code: "IMAGE_CORRUPT",
      message: `boot image ${manifest.key}: kernel is not what was built`,
    });
  });
});
