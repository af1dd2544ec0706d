import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ensureImage } from "../../../../src/iso/images/making/ensure-image.ts";
import { isLeftOut } from "../../../../src/iso/images/package-tree.ts";
import { type IsoEntry, readIso } from "../../../support/archives/iso-reader.ts";
import { engineRecipeWithStrayMode } from "../../../support/images/fake-images-templates.ts";
import { imageWorld } from "../../../support/images/image-world.ts";

async function builtTree() {
  const { engine, options } = await imageWorld();
  const { manifest, directory } = await ensureImage(engine, options);
  const tree = readIso(await readFile(join(directory, "engine.iso")));
  const textAt = (path: string) => tree.get(path)?.content.toString();
  return { manifest, tree, textAt };
}

const modeOf = (entry: IsoEntry | undefined) => entry && (entry.mode & 0o7777).toString(8);

describe("the engine image", () => {
  test("is known by the engine's own version", async () => {
    const { manifest } = await builtTree();
    expect(manifest.version).toBe("26.1.5");
    expect(Object.keys(manifest.files)).toEqual(["engine.iso"]);
  });

  test("has the packages' files, those of /lib and /bin merged into /usr", async () => {
    const { tree, textAt } = await builtTree();
    expect(textAt("usr/sbin/dockerd")).toBe("dockerd");
    expect(modeOf(tree.get("usr/sbin/dockerd"))).toBe("755");
    expect(textAt("usr/lib/x86_64-linux-gnu/libc.so.6")).toBe("libc");
    expect(tree.get("lib")?.target).toBe("usr/lib");
    expect(tree.get("bin")?.target).toBe("usr/bin");
  });

  test.each([
    "usr/share/doc/docker.io/copyright",
    "usr/share/doc",
    "usr/lib/systemd/system/docker.service",
    "lib/systemd",
    "etc/default/docker",
  ])("lacks what the recipe leaves out: %s", async (path) => {
    expect((await builtTree()).tree.has(path)).toBe(false);
  });

  test("has busybox for a program only where no package has one", async () => {
    const { tree, textAt } = await builtTree();
    expect(tree.get("usr/bin/ls")?.target).toBe("/usr/bin/busybox");
    expect(tree.get("usr/sbin/halt")?.target).toBe("/usr/bin/busybox");
    expect(textAt("usr/sbin/mount")).toBe("the package's own mount");
    expect(tree.has("usr/bin/mount")).toBe(false);
  });

  test("has the recipe's folders and the templates with their modes", async () => {
    const { tree, textAt } = await builtTree();
    expect(modeOf(tree.get("tmp"))).toBe("1777");
    expect(modeOf(tree.get("var/lib/docker"))).toBe("710");
    expect(modeOf(tree.get("etc/shadow"))).toBe("600");
    expect(modeOf(tree.get("usr/lib/tsmachine/boot"))).toBe("755");
    expect(textAt("usr/lib/tsmachine/boot")).toBe("#!/bin/sh\necho boot\n");
  });

  test("trusts the certificates of its package, in one file", async () => {
    const { textAt } = await builtTree();
    expect(textAt("etc/ssl/certs/ca-certificates.crt")).toBe("certificate A\ncertificate B\n");
  });

  test("says what it is and what it is made of", async () => {
    const { tree, textAt, manifest } = await builtTree();
    expect(tree.get("etc/os-release")?.target).toBe("../usr/lib/os-release");
    expect(textAt("usr/lib/os-release")?.split("\n")).toContain(
      'PRETTY_NAME="tsmachine (Debian trixie, engine 26.1.5)"',
    );
    expect(JSON.parse(textAt("usr/share/tsmachine/lock.json") ?? "")).toEqual(manifest.lock);
  });

  test("is not built of a recipe with a mode for a file that is none", async () => {
    const { engine, options } = await imageWorld({
      "recipes/engine.json": engineRecipeWithStrayMode,
    });
    await expect(ensureImage(engine, options)).rejects.toThrow("a mode for no file: etc/passwd");
  });
});

test.each([
  ["usr/share/doc", true],
  ["usr/share/doc/x/y", true],
  ["usr/share/docs", false],
  ["usr/share", false],
  ["usr/bin/ctr", true],
  ["usr/bin/ctr2", false],
  ["usr/bin/ctr/x", false],
])("%s is left out: %o", (path, left) => {
  expect(isLeftOut(path, ["usr/share/doc/", "usr/bin/ctr"])).toBe(left);
});
