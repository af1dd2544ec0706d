import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { openArchive } from "../../../../src/iso/debian/archive.ts";
import { fetchPackages } from "../../../../src/iso/debian/fetch-packages.ts";
import { ensureImage } from "../../../../src/iso/images/making/ensure-image.ts";
import type { TestPackage } from "../../../support/debian/repository.ts";
import { type TrustChain, trustChain } from "../../../support/debian/trust-chain.ts";
import {
  fakePackagePath,
  fakePackages,
  writeFakePackage,
} from "../../../support/images/fake-images-packages.ts";
import { imageWorld } from "../../../support/images/image-world.ts";

vi.setConfig({ testTimeout: 60_000 });

/** The engine image's design over a signed repository. */
async function setUp() {
  const world = await imageWorld();
  const chain = await trustChain();
  const packages: TestPackage[] = [];
  for (const item of fakePackages) {
    const locked = await writeFakePackage(world.packagesFolder, item);
    const content = await readFile(fakePackagePath(world.packagesFolder, locked));
    packages.push({ name: item.name, version: item.version, content });
  }
  await chain.publish({ packages });
  const { cacheDirectory } = world.options;
  const options = { ...chain.options, cacheDirectory, retry: { delaysMs: [] } };
  const source = {
    ...world.source,
    openArchive: () => openArchive(options),
    fetch: ({ packages, date }: Parameters<typeof world.source.fetch>[0]) =>
      fetchPackages({ packages, date }, options),
  };
  const ensure = () => ensureImage(world.engine, { ...world.options, source });
  const imageFolders = async () =>
    (await readdir(world.images)).filter((name) => name.startsWith("engine-"));
  return { chain, ensure, imageFolders };
}

test("an image is made of packages that are signed for", async () => {
  const { ensure, imageFolders } = await setUp();
  const { directory } = await ensure();
  expect((await imageFolders()).map((name) => join(directory, "..", name))).toContain(directory);
});

describe("no image is made after", () => {
  const attacks: [link: string, code: string, attack: (chain: TrustChain) => void][] = [
    [
      "a changed InRelease",
      "SIGNATURE_INVALID",
      ({ tamper, paths }) =>
        tamper(paths.inRelease, (bytes) =>
          Buffer.from(bytes.toString().replace("Debian", "Dabian")),
        ),
    ],
    [
      "a changed package",
      "DOWNLOAD_CORRUPT",
      ({ server, tamper }) => {
        const deb = [...server.files.keys()].find((path) => path.includes("docker.io")) ?? "";
        tamper(deb, (bytes) => bytes.fill(0, 100, 101));
      },
    ],
  ];
  test.each(attacks)("%s: %s", async (_, code, attack) => {
    const { chain, ensure, imageFolders } = await setUp();
    attack(chain);
    await expect(ensure()).rejects.toMatchObject({ code });
    expect(await imageFolders()).toEqual([]);
  });
});
