import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bootImageDesign } from "../../../../src/iso/images/boot/boot-image.ts";
import { ensureImage } from "../../../../src/iso/images/making/ensure-image.ts";
import { bootCommandLine } from "../../../../src/iso/recipes/command-line.ts";
import { readIso } from "../../../support/archives/iso-reader.ts";
import { fakeKernel, fakePackages } from "../../../support/images/fake-images-packages.ts";
import { bootRecipeWanting } from "../../../support/images/fake-images-templates.ts";
import { imageWorld } from "../../../support/images/image-world.ts";

async function builtImage() {
  const { boot, options } = await imageWorld();
  const { directory, manifest } = await ensureImage(boot, options);
  return { manifest, read: (name: string) => readFile(join(directory, name)) };
}

describe("a boot image", () => {
  test("holds the kernel as it is packaged, and an initramfs", async () => {
    const { manifest, read } = await builtImage();
    expect(Object.keys(manifest.files)).toEqual(["kernel", "initramfs", "boot.iso", "config"]);
    expect(manifest.version).toBe(fakeKernel);
    expect((await read("kernel")).toString()).toBe("kernel");
    const initramfs = await read("initramfs");
    expect(initramfs.toString("latin1", 0, 6)).toBe("070701");
    expect(initramfs.includes("echo first process")).toBe(true);
  });

  test("holds an ISO with the same kernel and initramfs, and the lock", async () => {
    const { manifest, read } = await builtImage();
    const iso = readIso(await read("boot.iso"));
    expect(iso.get("boot/vmlinuz")?.content.toString()).toBe("kernel");
    expect(iso.get("boot/initramfs")?.content).toEqual(await read("initramfs"));
    expect(JSON.parse(`${iso.get("lock.json")?.content}`)).toEqual(manifest.lock);
  });

  test("is booted by a BIOS with the recipe's command line", async () => {
    const { read } = await builtImage();
    const image = await read("boot.iso");
    // El Torito 1.0, section 2.0: the boot record volume descriptor is in sector 17.
    expect(image.toString("latin1", 17 * 2048 + 7, 17 * 2048 + 30)).toBe("EL TORITO SPECIFICATION");
    const iso = readIso(image);
    const settings = `${iso.get("isolinux/isolinux.cfg")?.content}`.split("\n");
    expect(settings).toContain("  LINUX /boot/vmlinuz");
    expect(settings).toContain("  INITRD /boot/initramfs");
    expect(settings).toContain("  APPEND console=ttyS0 quiet");
    expect(iso.has("isolinux/isolinux.bin")).toBe(true);
    expect(iso.has("isolinux/ldlinux.c32")).toBe(true);
  });
});

test("the command line of direct boot is the recipe's", async () => {
  const { templates } = await imageWorld();
  expect(await bootCommandLine(templates, "amd64")).toBe("console=ttyS0 quiet");
});

test("packages are asked for by architecture", async () => {
  const { templates, boot, source, options } = await imageWorld();
  const kernel = { kind: "default" } as const;
  const arm = await bootImageDesign(templates, { architecture: "arm64", kernel });
  await boot.choose(source, options.report);
  await arm.choose(source, options.report);
  expect(source.requests).toEqual(["open trixie amd64", "open trixie arm64"]);
  expect(source.wanted[0]?.[0]).toBe("linux-image-cloud-amd64");
  expect(source.wanted[1]).toEqual(["linux-image-cloud-arm64", "busybox-static", "boot-loaders"]);
});

test("the standard kernel is asked for by flavour", async () => {
  const { templates, source, options } = await imageWorld();
  const kernel = { kind: "default", flavour: "full" } as const;
  const full = await bootImageDesign(templates, { architecture: "amd64", kernel });
  await full.choose(source, options.report);
  expect(source.wanted[0]?.[0]).toBe("linux-image-amd64");
});

describe("no image is built", () => {
  test("of a kernel that lacks a module, which is named", async () => {
    const world = await imageWorld({
      "recipes/boot.json": bootRecipeWanting("bridge", "ip_vs", "fuse"),
    });
    await expect(ensureImage(world.boot, world.options)).rejects.toMatchObject({
      code: "KERNEL_UNSUITABLE",
      message: `kernel ${fakeKernel} lacks ip_vs, fuse`,
    });
  });

  test.each([
    ["busybox-static", "no package has the file usr/bin/busybox"],
    [`linux-image-${fakeKernel}`, "the kernel package cannot be unpacked: it holds no modules"],
    ["syslinux-common", "no package has the file usr/lib/syslinux/modules/bios/ldlinux.c32"],
  ])("of a %s without what the image needs", async (name, problem) => {
    const { boot, options, source } = await imageWorld();
    source.packages = fakePackages.map((item) =>
      item.name === name ? { ...item, files: { "usr/other": "" } } : item,
    );
    await expect(ensureImage(boot, options)).rejects.toThrow(problem);
  });

  test("of a recipe with a field that nobody knows", async () => {
    const recipe = JSON.stringify({ ...JSON.parse(bootRecipeWanting()), modulez: [] });
    await expect(imageWorld({ "recipes/boot.json": recipe })).rejects.toThrow("modulez");
  });
});
