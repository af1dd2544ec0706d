import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { ensureImage } from "../../../../src/iso/images/making/ensure-image.ts";
import { imageWorld } from "../../../support/images/image-world.ts";
import { bundleProgram } from "../../../support/run-typescript.ts";

vi.setConfig({ testTimeout: 60_000 });

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
