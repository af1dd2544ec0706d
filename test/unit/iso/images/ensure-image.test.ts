import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { bootImageDesign } from "../../../../src/iso/images/boot/boot-image.ts";
import { listImages } from "../../../../src/iso/images/cache/image-cache.ts";
import { ensureImage, restoreImage } from "../../../../src/iso/images/making/ensure-image.ts";
import { fakePackages } from "../../../support/images/fake-images-packages.ts";
import { digestsOf, type ImageWorld, imageWorld } from "../../../support/images/image-world.ts";

vi.setConfig({ testTimeout: 60_000 });

const newest = ({ options }: ImageWorld) => ({ ...options, freshness: "newest" as const });

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
      ...{ schemaVersion: 2, version: "6.12.1-cloud-amd64" },
      lock: {
        ...{ kind: "boot", architecture: "amd64", inputs: [] },
        releases: [{ suite: "trixie", date: "2026-11-20T12:00:00.000Z" }],
      },
    });
    expect(manifest.lock.packages.map(({ name }) => name)).toEqual([
      ...["linux-image-cloud-amd64", "linux-image-6.12.1-cloud-amd64"],
      ...["busybox-static", "boot-loaders", "isolinux", "syslinux-common"],
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
    const { templates, boot, options, source } = await imageWorld();
    await ensureImage(boot, options);
    source.requests.length = 0;
    source.packages = fakePackages.map((item) =>
      item.name === "linux-image-cloud-amd64" ? { ...item, name: "linux-image-cloud-arm64" } : item,
    );
    const arm = await bootImageDesign(templates, {
      ...{ architecture: "arm64", kernel: { kind: "default" } },
    });
    const other = await ensureImage(arm, options);
    expect(source.requests[0]).toBe("open trixie arm64");
    expect(other.manifest.lock.architecture).toBe("arm64");
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
    expect(await restoreImage(boot, old.manifest, options)).toEqual(old);
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
