import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { provideImages } from "../../../../src/core/images/images.ts";
import { requireFittingPair } from "../../../../src/core/images/require-fitting-pair.ts";
import { createMachine } from "../../../../src/core/machine/create.ts";
import type { CachedImage } from "../../../../src/iso/images/cache/image-cache.ts";
import { fakePackages } from "../../../support/images/fake-images-packages.ts";
import { coreWorld, createRequest } from "../../../support/worlds/core-world.ts";

const ofVersion = ({ manifest, directory }: CachedImage, version: string): CachedImage => ({
  manifest: { ...manifest, version },
  directory,
});

async function world({ config = "CONFIG_OVERLAY_FS=y\n", version = "26.1.5" } = {}) {
  const { context, warnings } = await coreWorld();
  const request = { ...createRequest().images, freshness: "cached" } as const;
  const { boot, engine } = await provideImages(context, request);
  await writeFile(join(boot.directory, "config"), config);
  return { context, warnings, boot, engine: ofVersion(engine, version) };
}

describe("a kernel and an engine", () => {
  test.each([
    { title: "the kernel has what every engine needs", version: "27.5.1" },
    { title: "the kernel has it as a module", config: "CONFIG_OVERLAY_FS=m\n" },
    {
      title: "the kernel has one of two options",
      config: "CONFIG_OVERLAY_FS=y\nCONFIG_Z=m\n",
      version: "28.5.2",
    },
    { title: "of an unknown engine, what only some need is not asked for", version: "unknown" },
  ])("fit when $title", async (settings) => {
    const { context, warnings, boot, engine } = await world(settings);
    await requireFittingPair(context, boot, engine);
    expect(warnings).toEqual([]);
  });

  test.each([
    {
      title: "lacks an option",
      config: "CONFIG_Y=y\n# CONFIG_OVERLAY_FS is not set\n",
      message:
        "engine 26.1.5 does not work on kernel 6.12.1-cloud-amd64, which lacks CONFIG_OVERLAY_FS: no container starts",
    },
    {
      title: "lacks several, of which it says the first one's effect",
      config: "CONFIG_W=y\n",
      version: "28.5.2",
      message:
        "engine 28.5.2 does not work on kernel 6.12.1-cloud-amd64, which lacks CONFIG_OVERLAY_FS, CONFIG_Y or CONFIG_Z: no container starts",
    },
  ])("are refused when the kernel $title", async ({ message, ...settings }) => {
    const { context, boot, engine } = await world(settings);
    await expect(requireFittingPair(context, boot, engine)).rejects.toMatchObject({
      ...{ code: "KERNEL_UNSUITABLE", message },
    });
  });

  test("are warned of when the kernel came without its configuration", async () => {
    const { context, warnings, boot, engine } = await world();
    const { config: _config, ...files } = boot.manifest.files;
    const bare = { ...boot, manifest: { ...boot.manifest, files } };
    await requireFittingPair(context, bare, engine);
    expect(warnings).toEqual([
      "kernel 6.12.1-cloud-amd64 came without its configuration; it may lack what engine 26.1.5 needs",
    ]);
  });

  test("that do not fit make no machine", async () => {
    const { context, packages, provider } = await coreWorld();
    packages.packages = fakePackages.map((item) =>
      item.name === "docker.io" ? { ...item, version: "28.5.2-1" } : item,
    );
    await expect(createMachine(context, createRequest())).rejects.toMatchObject({
      code: "KERNEL_UNSUITABLE",
    });
    expect(await context.store.listMachineNames()).toEqual([]);
    expect(provider.calls).toEqual([]);
  });
});
