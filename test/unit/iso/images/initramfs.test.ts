import { describe, expect, test } from "vitest";
import type { Architecture } from "../../../../src/host/architecture.ts";
import { initramfsTree } from "../../../../src/iso/images/initramfs.ts";
import type { BootRecipe } from "../../../../src/iso/recipes/recipe.ts";
import { file, textAt } from "../../../support/archive-contents.ts";
import { kernelModule } from "../../../support/kernel-module.ts";

const release = "6.12.1-cloud-amd64";
const folder = `usr/lib/modules/${release}`;
const module = (name: string, depends = "", ...aliases: string[]) =>
  file(kernelModule(`name=${name}`, `depends=${depends}`, ...aliases));

const packaged = new Map([
  ["usr/bin/busybox", file("busybox", 0o755)],
  [`${folder}/kernel/cdrom.ko`, module("cdrom")],
  [`${folder}/kernel/isofs.ko`, module("isofs", "cdrom", "alias=fs-iso9660")],
  [`${folder}/kernel/stp.ko`, module("stp")],
  [`${folder}/kernel/bridge.ko`, module("bridge", "stp")],
  [`${folder}/kernel/unwanted.ko`, module("unwanted")],
  [`${folder}/modules.builtin`, file("kernel/overlay.ko\n")],
]);
const overlay = new Map([["init", file("#!/bin/sh\n", 0o755)]]);
const architecture = { kernel: "linux", packages: [], commandLine: "" };
const recipe: BootRecipe = {
  suite: "trixie",
  architectures: {
    amd64: { ...architecture, modules: { boot: [], engine: [] } },
    arm64: { ...architecture, modules: { boot: ["stp"], engine: ["unwanted"] } },
  },
  ...{ without: [], applets: ["sh", "["] },
  modules: { boot: ["isofs", "overlay"], engine: ["bridge", "cdrom"] },
};

const tree = (modules = recipe.modules, architecture: Architecture = "amd64") =>
  initramfsTree({
    ...{ packaged, overlay, recipe: { ...recipe, modules }, architecture },
    signal: new AbortController().signal,
  });

describe("the first root", () => {
  test("has busybox under the names of the recipe, the first process and its folders", async () => {
    const made = await tree();
    expect(made.get("init")).toEqual(overlay.get("init"));
    expect(made.get("bin/busybox")).toEqual(packaged.get("usr/bin/busybox"));
    for (const applet of ["bin/sh", "bin/["]) {
      expect(made.get(applet)).toMatchObject({ type: "symlink", target: "busybox" });
    }
    for (const name of ["dev", "proc", "sys"]) {
      expect(made.get(name)).toMatchObject({ type: "directory", mode: 0o755 });
    }
  });

  test("has the console that the kernel opens for the first process", async () => {
    expect((await tree()).get("dev/console")).toEqual({
      ...{ type: "character-device", major: 5, minor: 1, mode: 0o600, uid: 0, gid: 0 },
    });
  });

  test("has modules of its architecture besides those of every one", async () => {
    const made = await tree({ boot: [], engine: ["bridge"] }, "arm64");
    expect(await textAt(made, "modules/boot")).toBe(`${release}/kernel/stp.ko\n`);
    expect(await textAt(made, "modules/engine")).toBe(
      `${release}/kernel/unwanted.ko\n${release}/kernel/bridge.ko\n`,
    );
  });

  test("lists modules in the order to load them, each once, in the list that needs it first", async () => {
    const made = await tree();
    expect(await textAt(made, "modules/boot")).toBe(
      `${release}/kernel/cdrom.ko\n${release}/kernel/isofs.ko\n`,
    );
    expect(await textAt(made, "modules/engine")).toBe(
      `${release}/kernel/stp.ko\n${release}/kernel/bridge.ko\n`,
    );
  });

  test("has the modules that are listed, none else, and what modprobe reads", async () => {
    const made = await tree();
    const modules = [...made.keys()].filter((path) => path.startsWith("lib/modules/"));
    expect(modules.sort()).toEqual(
      [
        ...["cdrom", "isofs", "stp", "bridge"].map((name) => `kernel/${name}.ko`),
        ...["modules.dep", "modules.alias"],
      ]
        .map((path) => `lib/modules/${release}/${path}`)
        .sort(),
    );
    expect(await textAt(made, `lib/modules/${release}/modules.dep`)).toContain(
      "kernel/bridge.ko: kernel/stp.ko\n",
    );
    expect(await textAt(made, `lib/modules/${release}/modules.alias`)).toBe(
      "alias fs-iso9660 isofs\n",
    );
  });

  test("is refused when the kernel lacks modules, which are named", async () => {
    await expect(tree({ boot: ["nvme"], engine: ["zfs"] })).rejects.toMatchObject({
      code: "KERNEL_UNSUITABLE",
      message: `kernel ${release} lacks nvme, zfs`,
    });
  });
});
