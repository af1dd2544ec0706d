import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { bootImageDesign } from "../../../../../src/iso/images/boot/boot-image.ts";
import {
  keepKernelFiles,
  keepKernelPackages,
} from "../../../../../src/iso/images/kernel/keep-kernel.ts";
import type { KernelWish } from "../../../../../src/iso/images/kernel/kernel-wish.ts";
import { ensureImage, restoreImage } from "../../../../../src/iso/images/making/ensure-image.ts";
import { debPackage, tarArchive } from "../../../../support/archives/deb.ts";
import { kernelModule } from "../../../../support/archives/kernel-module.ts";
import { digestsOf, imageWorld } from "../../../../support/images/image-world.ts";
import { temporaryDirectory } from "../../../../support/temporary-directory.ts";

const release = "7.2.1-own";

const moduleFiles = {
  "kernel/drivers/cdrom/cdrom.ko": kernelModule("name=cdrom", "depends="),
  "kernel/fs/isofs/isofs.ko": kernelModule("name=isofs", "depends=cdrom"),
  "kernel/net/bridge/bridge.ko": kernelModule("name=bridge", "depends="),
  "modules.builtin": "kernel/fs/overlay.ko\n",
};

async function writeKernel() {
  const folder = await temporaryDirectory();
  const modules = join(folder, release);
  for (const [name, content] of Object.entries(moduleFiles)) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await writeFile(join(modules, name), content);
  }
  const [image, config] = [join(folder, "bzImage"), join(folder, ".config")];
  await writeFile(image, "own kernel");
  await writeFile(config, "CONFIG_OWN=y\n");
  return { folder, files: { image, modules, config } };
}

/** The three packages of a kernel from Linux 6.19 on. */
async function writePackages(): Promise<{ folder: string; paths: string[] }> {
  const folder = await temporaryDirectory();
  const below = `usr/lib/modules/${release}`;
  const modules = Object.entries(moduleFiles).map(([name, content]) => [name, content] as const);
  const packages = {
    binary: [["vmlinuz", "packaged kernel"]],
    modules,
    base: [["config", "CONFIG_PACKAGED=y\n"]],
  } as const;
  const paths: string[] = [];
  for (const [part, files] of Object.entries(packages)) {
    const path = join(folder, `linux-${part}-${release}_1%3a7.2.1-1_amd64.deb`);
    const entries = files.map(
      ([name, content]) => [{ name: `./${below}/${name}`, mode: 0o644 }, content] as const,
    );
    await writeFile(path, debPackage({ name: "data.tar", content: await tarArchive(entries) }));
    paths.push(path);
  }
  return { folder, paths };
}

async function kernelWorld() {
  const world = await imageWorld();
  const { cacheDirectory, signal } = world.options;
  const designOf = (kernel: KernelWish) =>
    bootImageDesign(world.templates, { architecture: "amd64", kernel });
  return { ...world, cacheDirectory, signal, designOf };
}

describe("a kernel of the user's own", () => {
  test("is booted with its modules, its configuration and Debian's tools", async () => {
    const { designOf, options, cacheDirectory, signal } = await kernelWorld();
    const { files } = await writeKernel();
    const inputs = await keepKernelFiles(files, cacheDirectory, signal);
    expect(inputs.map(({ name }) => name)).toEqual(["vmlinuz", "modules.tar", "config"]);
    const image = await ensureImage(await designOf({ kind: "files", inputs }), options);
    const { manifest, directory } = image;
    expect(manifest.version).toBe(release);
    expect(manifest.lock.inputs).toEqual(inputs);
    expect(manifest.lock.packages.map(({ name }) => name)).not.toContain("linux-image-cloud-amd64");
    expect(await readFile(join(directory, "kernel"), "utf8")).toBe("own kernel");
    expect(await readFile(join(directory, "config"), "utf8")).toBe("CONFIG_OWN=y\n");
    const initramfs = await readFile(join(directory, "initramfs"), "latin1");
    expect(initramfs).toContain(`lib/modules/${release}/kernel/fs/isofs/isofs.ko`);
  });

  test("needs no configuration", async () => {
    const { designOf, options, cacheDirectory, signal } = await kernelWorld();
    const { image, modules } = (await writeKernel()).files;
    const inputs = await keepKernelFiles({ image, modules }, cacheDirectory, signal);
    const { manifest } = await ensureImage(await designOf({ kind: "files", inputs }), options);
    expect(Object.keys(manifest.files)).toEqual(["kernel", "initramfs", "boot.iso"]);
  });

  test("may come as the packages that its build made, in any order", async () => {
    const { designOf, options, cacheDirectory, signal } = await kernelWorld();
    const { paths } = await writePackages();
    const inputs = await keepKernelPackages(paths, cacheDirectory, signal);
    expect(inputs.map(({ name }) => name)).toEqual(
      ["base", "binary", "modules"].map((part) => `linux-${part}-${release}_1_3a7.2.1-1_amd64.deb`),
    );
    expect(await keepKernelPackages(paths.toReversed(), cacheDirectory, signal)).toEqual(inputs);
    const image = await ensureImage(await designOf({ kind: "packages", inputs }), options);
    expect(image.manifest.version).toBe(release);
    const read = (name: string) => readFile(join(image.directory, name), "utf8");
    expect(await read("kernel")).toBe("packaged kernel");
    expect(await read("config")).toBe("CONFIG_PACKAGED=y\n");
  });

  test.each(["files", "packages"] as const)(
    "given as %s makes the same image again when the user's files are gone",
    async (kind) => {
      const { designOf, options, cacheDirectory, signal, boot } = await kernelWorld();
      const own = await writeKernel();
      const packages = await writePackages();
      const inputs =
        kind === "files"
          ? await keepKernelFiles(own.files, cacheDirectory, signal)
          : await keepKernelPackages(packages.paths, cacheDirectory, signal);
      const image = await ensureImage(await designOf({ kind, inputs }), options);
      const digests = await digestsOf(image);
      for (const path of [own.folder, packages.folder, image.directory]) {
        await rm(path, { recursive: true });
      }
      const { key, lock } = image.manifest;
      expect(await digestsOf(await restoreImage(boot, { key, lock }, options))).toEqual(digests);
    },
  );

  test("is not made again without what the cache has kept of it", async () => {
    const { designOf, options, cacheDirectory, signal, boot } = await kernelWorld();
    const { files } = await writeKernel();
    const inputs = await keepKernelFiles(files, cacheDirectory, signal);
    const image = await ensureImage(await designOf({ kind: "files", inputs }), options);
    await rm(image.directory, { recursive: true });
    const kept = join(cacheDirectory, "inputs");
    for (const name of await readdir(kept)) await writeFile(join(kept, name), "other bytes");
    const { key, lock } = image.manifest;
    await expect(restoreImage(boot, { key, lock }, options)).rejects.toMatchObject({
      code: "INPUT_MISSING",
      message: expect.stringContaining("vmlinuz"),
    });
  });
});

describe("what is refused as a kernel", () => {
  test.each(["image", "config"] as const)("is one whose %s is missing", async (part) => {
    const { cacheDirectory, signal } = await kernelWorld();
    const { files } = await writeKernel();
    await rm(files[part]);
    await expect(keepKernelFiles(files, cacheDirectory, signal)).rejects.toMatchObject({
      code: "FILE_UNREADABLE",
      message: `${files[part]} cannot be read`,
    });
  });

  test("is a package that is missing", async () => {
    const { cacheDirectory, signal } = await kernelWorld();
    const path = join(await temporaryDirectory(), "linux-image.deb");
    await expect(keepKernelPackages([path], cacheDirectory, signal)).rejects.toMatchObject({
      code: "FILE_UNREADABLE",
    });
  });

  test("is a file that is not named as a package is", async () => {
    const { cacheDirectory, signal } = await kernelWorld();
    const { files } = await writeKernel();
    await expect(keepKernelPackages([files.image], cacheDirectory, signal)).rejects.toMatchObject({
      code: "INVALID_INPUT",
      message: `${files.image} is not named as a Debian package is`,
    });
  });

  test("is two packages of one name", async () => {
    const { cacheDirectory, signal } = await kernelWorld();
    const { paths } = await writePackages();
    await expect(
      keepKernelPackages([...paths, ...paths], cacheDirectory, signal),
    ).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });

  test("is a set of packages that lacks the modules", async () => {
    const { designOf, options, cacheDirectory, signal } = await kernelWorld();
    const { paths } = await writePackages();
    const some = paths.filter((path) => !path.includes("linux-modules"));
    const inputs = await keepKernelPackages(some, cacheDirectory, signal);
    await expect(
      ensureImage(await designOf({ kind: "packages", inputs }), options),
    ).rejects.toMatchObject({ code: "KERNEL_UNSUITABLE" });
  });
});
