import { expect, test } from "vitest";
import { ensureImage } from "../../../../../src/iso/images/making/ensure-image.ts";
import { fakePackages } from "../../../../support/images/fake-images-packages.ts";
import { type ImageWorld, imageWorld } from "../../../../support/images/image-world.ts";

// What the recipe of this world has as optional.
const daemons = { name: "hyperv-daemons", version: "6.12.1-1" };

async function lockedNames({ engine, options }: ImageWorld): Promise<readonly string[]> {
  const { manifest } = await ensureImage(engine, options);
  return manifest.lock.packages.map(({ name }) => name);
}

test("an optional package that the suite has is in the image and its lock", async () => {
  const world = await imageWorld();
  world.source.packages = [...fakePackages, daemons];
  expect(await lockedNames(world)).toContain("hyperv-daemons");
});

test("an image is built without an optional package that the suite lacks", async () => {
  const world = await imageWorld();
  expect(await lockedNames(world)).not.toContain("hyperv-daemons");
  expect(world.source.wanted.flat()).not.toContain("hyperv-daemons");
});

test("an image is built without an optional package that the mirror has lost, and says so", async () => {
  const world = await imageWorld();
  world.source.packages = [...fakePackages, daemons];
  world.source.gone = ["hyperv-daemons"];
  expect(await lockedNames(world)).not.toContain("hyperv-daemons");
  expect(world.details).toContain("no mirror has hyperv-daemons; going on without it");
});

test("an optional package that cannot be reached is no reason to go on without it", async () => {
  const world = await imageWorld();
  world.source.packages = [...fakePackages, daemons];
  const unreachable = () => {
    throw new Error("the cable is unplugged");
  };
  const source = { ...world.source, fetch: unreachable };
  await expect(ensureImage(world.engine, { ...world.options, source })).rejects.toThrow("cable");
});

test("no other package may be lost", async () => {
  const world = await imageWorld();
  world.source.gone = ["ca-certificates"];
  await expect(lockedNames(world)).rejects.toMatchObject({ code: "PACKAGE_GONE" });
});
