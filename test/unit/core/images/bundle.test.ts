import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { createBundle, importBundle } from "../../../../src/core/images/bundle.ts";
import { provideImages } from "../../../../src/core/images/images.ts";
import type { ImageSelection } from "../../../../src/core/images/selection.ts";
import { bundleWorld, imageDigests } from "../../../support/bundle/bundle-world.ts";
import { hoursAgo } from "../../../support/debian/repository.ts";
import { fakePackages } from "../../../support/images/fake-images-packages.ts";
import { bootRecipeWanting } from "../../../support/images/fake-images-templates.ts";
import type { CoreWorld } from "../../../support/worlds/core-world.ts";

vi.setConfig({ testTimeout: 60_000 });

const standard: ImageSelection = {
  ...{ architecture: "amd64", kernel: { kind: "default" }, engine: { kind: "default" } },
};

const make = ({ context }: CoreWorld, path: string, selection = standard) =>
  createBundle(context, { ...selection, path, existing: "kept" });
const take = ({ context }: CoreWorld, path: string) =>
  importBundle(context, { path, rollback: "refused" });
const provide = ({ context }: CoreWorld, selection = standard) =>
  provideImages(context, { ...selection, freshness: "cached" });

describe("after the import of a bundle", () => {
  test("the images are those of the host that made it, and are found without a network", async () => {
    const { online, path, offlineHost } = await bundleWorld();
    await make(online, path);
    await provide(online);
    const offline = await offlineHost();
    const { images } = await take(offline, path);
    expect(await imageDigests(offline)).toEqual(await imageDigests(online));
    expect(await provide(offline)).toEqual(images);
    expect(offline.packages.requests).toEqual([]);
  });

  test("nothing of it lies about in the cache but what was verified", async () => {
    const { online, path, offlineHost } = await bundleWorld();
    await make(online, path);
    const offline = await offlineHost();
    await take(offline, path);
    expect((await readdir(offline.context.store.layout.cache)).sort()).toEqual([
      "images",
      "indexes",
      "leases",
      "packages",
      "releases",
    ]);
  });

  test("a kernel of the security archive that was chosen by its version is found by it", async () => {
    const { online, path, publish, offlineHost } = await bundleWorld();
    const isKernel = ({ name }: { name: string }) => name.startsWith("linux-image-");
    await publish({
      packages: fakePackages.filter((item) => !isKernel(item)),
      securityPackages: fakePackages.filter(isKernel),
    });
    const selection: ImageSelection = { ...standard, kernel: { kind: "choice", text: "6.12" } };
    const { manifest } = await make(online, path, selection);
    expect(manifest.suites).toEqual(["trixie", "trixie-security"]);
    const offline = await offlineHost();
    const { images } = await take(offline, path);
    expect(images.boot.manifest.version).toBe("6.12.1-cloud-amd64");
    expect(await provide(offline, selection)).toEqual(images);
  });

  test("a kernel of the user's own is there as well", async () => {
    const { online, path, offlineHost } = await bundleWorld();
    const kernel = fakePackages.find(({ name }) => name.startsWith("linux-image-6"));
    const folder = join(dirname(path), "modules");
    const files = await writeKernel(folder, kernel?.files ?? {});
    const selection: ImageSelection = { ...standard, kernel: { kind: "files", files } };
    await make(online, path, selection);
    const offline = await offlineHost();
    const { images } = await take(offline, path);
    expect(images.boot.manifest.lock.inputs.map(({ name }) => name)).toEqual([
      "vmlinuz",
      "modules.tar",
    ]);
    expect(await provide(offline, selection)).toEqual(images);
  });

  test("templates of another version make other images of its packages", async () => {
    const { online, path, offlineHost } = await bundleWorld();
    await make(online, path);
    const offline = await offlineHost();
    const recipe = join(offline.context.templates, "recipes", "boot.json");
    await writeFile(recipe, bootRecipeWanting("bridge"));
    const { images, manifest } = await take(offline, path);
    expect(images.boot.manifest.lock).toEqual({
      ...manifest.images.boot.lock,
      templates: expect.not.stringContaining(manifest.images.boot.lock.templates),
    });
    expect(await provide(offline)).toEqual(images);
  });
});

describe("the age of a bundle", () => {
  test("is no obstacle, though it is told when its release has expired", async () => {
    const { online, path, publish, offlineHost } = await bundleWorld();
    await publish({ date: hoursAgo(200), validUntil: hoursAgo(-1) });
    await make(online, path);
    const offline = await offlineHost();
    const context = { ...offline.context, now: () => hoursAgo(-48) };
    await take({ ...offline, context }, path);
    expect(offline.warnings).toEqual([expect.stringContaining("was valid until 2026-11-20T13:00")]);
  });

  test("is one where the store has seen a newer release", async () => {
    const { online, path, publish, offlineHost } = await bundleWorld();
    await make(online, path);
    await publish({ date: hoursAgo(1) });
    const offline = await offlineHost();
    const newer = `${path}.newer`;
    await make(online, newer);
    await take(offline, newer);
    const before = await imageDigests(offline);
    await expect(take(offline, path)).rejects.toMatchObject({
      code: "RELEASE_ROLLBACK",
      hints: ["get a newer bundle", expect.stringContaining("--allow-rollback")],
    });
    expect(await imageDigests(offline)).toEqual(before);
  });

  test("is none when that is allowed, and the newest release stays known", async () => {
    const { online, path, publish, offlineHost } = await bundleWorld();
    await make(online, path);
    await publish({ date: hoursAgo(1), packages: newerPackages });
    const offline = await offlineHost();
    const newer = `${path}.newer`;
    await make(online, newer);
    await take(offline, newer);
    const { images } = await importBundle(offline.context, { path, rollback: "allowed" });
    expect(offline.warnings).toEqual([expect.stringContaining("older than what was seen before")]);
    expect(await provide(offline)).toEqual(images);
    await expect(take(offline, path)).rejects.toMatchObject({ code: "RELEASE_ROLLBACK" });
  });
});

describe("a bundle is written", () => {
  test("with the same bytes by every host", async () => {
    const { online, path } = await bundleWorld();
    await make(online, path);
    const first = await readFile(path);
    await provide(online);
    await createBundle(online.context, { ...standard, path, existing: "replaced" });
    expect(await readFile(path)).toEqual(first);
  });

  test("over no file that is there, and then nothing is fetched", async () => {
    const { online, path, server } = await bundleWorld();
    await writeFile(path, "mine");
    await expect(make(online, path)).rejects.toMatchObject({ code: "FILE_EXISTS" });
    expect(await readFile(path, "utf8")).toBe("mine");
    expect(server.requests).toEqual([]);
  });

  test("whole or not at all when it is cancelled", async () => {
    const { online, path } = await bundleWorld();
    const { progress } = online.context;
    const context: CoreWorld["context"] = {
      ...online.context,
      progress: {
        step: (title, action) =>
          progress.step(title, (step) => {
            const interrupt = () => online.abort(new Error("Ctrl-C"));
            return action(title === "Writing the bundle" ? { ...step, bytes: interrupt } : step);
          }),
      },
    };
    await expect(make({ ...online, context }, path)).rejects.toThrow();
    const left = (await readdir(dirname(path))).filter((name) => name.startsWith("bundle"));
    expect(left).toEqual([]);
  });
});

const newerPackages = fakePackages.map((item) =>
  item.name === "docker.io" ? { ...item, version: "26.1.6+dfsg1-1" } : item,
);

async function writeKernel(folder: string, files: Readonly<Record<string, string | Buffer>>) {
  for (const [path, content] of Object.entries(files)) {
    const target = join(folder, path.replace(/^usr\//, ""));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content);
  }
  return { image: join(folder, "boot", "vmlinuz-6.12.1-cloud-amd64"), modules: folder };
}
