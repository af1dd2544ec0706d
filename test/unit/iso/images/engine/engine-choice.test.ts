import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { inputsDirectory, keepInput } from "../../../../../src/iso/images/cache/inputs.ts";
import { engineImageDesign } from "../../../../../src/iso/images/engine/engine-image.ts";
import type { EngineWish } from "../../../../../src/iso/images/engine/engine-wish.ts";
import { ensureImage } from "../../../../../src/iso/images/making/ensure-image.ts";
import { readIso } from "../../../../support/archives/iso-reader.ts";
import {
  amd64Machine,
  elfProgram,
  engineArchive,
  enginePrograms,
} from "../../../../support/images/engine-archive.ts";
import { fakeEngineOffer } from "../../../../support/images/fake-images.ts";
import { imageWorld } from "../../../../support/images/image-world.ts";

async function built(engine: EngineWish, world: Awaited<ReturnType<typeof imageWorld>>) {
  const design = await engineImageDesign(world.templates, { architecture: "amd64", engine });
  const image = await ensureImage(design, world.options);
  const tree = readIso(await readFile(join(image.directory, "engine.iso")));
  return { image, tree, textAt: (path: string) => tree.get(path)?.content.toString() };
}

async function builtFromArchive(name: string, files = enginePrograms) {
  const world = await imageWorld();
  const { cacheDirectory, signal } = world.options;
  async function* chunks() {
    yield await engineArchive(files);
  }
  const input = await keepInput(cacheDirectory, { name, chunks: chunks() }, signal);
  const result = await built({ kind: "archive", input }, world);
  return { ...result, input, world, inputs: inputsDirectory(cacheDirectory) };
}

describe("an engine of Debian's", () => {
  test("is on the userland of the suite that offers it", async () => {
    const world = await imageWorld();
    const engines = [fakeEngineOffer("26.1.5", "trixie"), fakeEngineOffer("20.10.24", "bookworm")];
    world.source.otherEngines = engines;
    const { image, textAt } = await built({ kind: "choice", text: "20.10" }, world);
    expect(world.source.requests).toContain("open bookworm amd64");
    expect(world.source.requests).not.toContain("open trixie amd64");
    expect(image.manifest.lock.releases).toMatchObject([{ suite: "bookworm" }]);
    expect(textAt("usr/lib/os-release")).toContain("VERSION_CODENAME=bookworm\n");
  });

  test("is exactly the offered one, and that of a security suite on the userland it updates", async () => {
    const world = await imageWorld();
    world.source.otherEngines = [fakeEngineOffer("20.10.24", "bookworm-security")];
    await built({ kind: "choice", text: "20.10" }, world);
    expect(world.source.requests).toContain("open bookworm amd64");
    expect(world.source.wanted.flat()).toContain("docker.io (= 20.10.24+dfsg1-1)");
  });

  test("that no suite offers is refused", async () => {
    const world = await imageWorld();
    await expect(built({ kind: "choice", text: "19.03" }, world)).rejects.toMatchObject({
      code: "ENGINE_UNKNOWN",
    });
  });
});

describe("an engine from an archive", () => {
  test("takes the place of Debian's packages", async () => {
    const { image, tree, textAt, input } = await builtFromArchive("docker-27.0.1.tgz");
    expect(textAt("usr/bin/runc")).toBe("runc");
    expect(tree.get("usr/bin/dockerd")).toMatchObject({ uid: 0, gid: 0 });
    expect((tree.get("usr/bin/dockerd")?.mode ?? 0) & 0o7777).toBe(0o755);
    expect(tree.has("usr/sbin/dockerd")).toBe(false);
    expect(tree.has("usr/lib/libseccomp.so.2")).toBe(true);
    const { lock } = image.manifest;
    expect(lock.inputs).toEqual([input]);
    expect(lock.packages.map(({ name }) => name)).toEqual([
      "libseccomp2",
      "ca-certificates",
      "busybox-static",
    ]);
  });

  const note = (version: string) =>
    elfProgram(amd64Machine, `-X "github.com/docker/docker/dockerversion.Version=${version}" -X`);
  test.each([
    { name: "docker-27.0.1.tgz", version: "27.0.1" },
    { name: "docker-29.0.0-rc.1.tgz", version: "29.0.0-rc.1" },
    { name: "docker-28.5.2.tar.gz", version: "28.5.2" },
    { name: "build.tgz", dockerd: note("28.5.2"), version: "28.5.2" },
    { name: "docker-27.0.1.tgz", dockerd: note("28.5.2"), version: "27.0.1" },
    { name: "build.tgz", version: "unknown" },
  ])("of the name $name has the version $version", async ({ name, dockerd, version }) => {
    const files = dockerd ? { ...enginePrograms, "docker/dockerd": dockerd } : enginePrograms;
    const { image, textAt } = await builtFromArchive(name, files);
    expect(image.manifest.version).toBe(version);
    expect(textAt("usr/lib/os-release")).toContain(`VERSION_ID="${version}"\n`);
  });

  test("that the cache has lost cannot be made into an image", async () => {
    const world = await imageWorld();
    const input = { name: "docker-27.0.1.tgz", size: 1, sha256: "0".repeat(64) };
    await expect(built({ kind: "archive", input }, world)).rejects.toMatchObject({
      code: "INPUT_MISSING",
    });
  });
});
