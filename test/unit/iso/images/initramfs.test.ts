import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { readContent } from "../../../../src/bytes/content.ts";
import { initramfsTree } from "../../../../src/iso/images/boot/initramfs.ts";
import type { BootRecipe } from "../../../../src/iso/recipes/recipe.ts";
import { file, textAt } from "../../../support/archives/contents.ts";
import { kernelModule } from "../../../support/archives/kernel-module.ts";

const release = "6.12.1-cloud-amd64";
const folder = `usr/lib/modules/${release}`;
const module = (name: string, depends = "", ...aliases: string[]) =>
  file(kernelModule(`name=${name}`, `depends=${depends}`, ...aliases));
const gzipped = (name: string, depends = "", ...aliases: string[]) =>
  file(gzipSync(kernelModule(`name=${name}`, `depends=${depends}`, ...aliases)));

const packaged = new Map([
  ["usr/bin/busybox", file("busybox", 0o755)],
  [`${folder}/kernel/cdrom.ko`, module("cdrom")],
  [`${folder}/kernel/isofs.ko`, module("isofs", "cdrom", "alias=fs-iso9660")],
  [`${folder}/kernel/stp.ko`, module("stp")],
  [`${folder}/kernel/bridge.ko`, module("bridge", "stp")],
  [`${folder}/kernel/ahci.ko.gz`, gzipped("ahci", "libata", "alias=pci:v*bc01sc06*")],
  [`${folder}/kernel/libata.ko.gz`, gzipped("libata")],
  [`${folder}/kernel/tun.ko.gz`, gzipped("tun")],
  [`${folder}/kernel/vxlan.ko`, module("vxlan")],
  [`${folder}/kernel/unwanted.ko`, module("unwanted")],
  [`${folder}/modules.builtin`, file("kernel/overlay.ko\n")],
]);
const overlay = new Map([["init", file("#!/bin/sh\n", 0o755)]]);
const architecture = {
  kernel: { cloud: "linux-cloud", full: "linux" },
  ...{ packages: [], commandLine: "" },
};
const recipe: BootRecipe = {
  suite: "trixie",
  architectures: {
    amd64: architecture,
    arm64: architecture,
  },
  ...{ without: [], applets: ["sh", "["] },
  modules: {
    indispensable: ["isofs", "overlay", "tun"],
    boot: ["isofs", "overlay"],
    drivers: ["ahci", "nvme"],
    engine: ["bridge", "cdrom", "nft_counter"],
    onRequest: ["vxlan", "zfs"],
  },
};

const tree = (modules = recipe.modules) =>
  initramfsTree({
    ...{ packaged, overlay, recipe: { ...recipe, modules } },
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

  test("lists names of modules to load, in order, with what they need and this kernel has", async () => {
    const made = await tree();
    expect(await textAt(made, "modules/boot")).toBe("cdrom\nisofs\n");
    expect(await textAt(made, "modules/engine")).toBe("cdrom\nstp\nbridge\n");
  });

  test("has the wanted modules, compressed only what few machines load, and what modprobe reads", async () => {
    const made = await tree();
    const modules = [...made.keys()].filter((path) => path.startsWith("lib/modules/"));
    expect(modules.sort()).toEqual(
      [
        ...["cdrom", "isofs", "stp", "bridge", "tun"].map((name) => `kernel/${name}.ko`),
        ...["ahci", "libata", "vxlan"].map((name) => `kernel/${name}.ko.gz`),
        ...["modules.dep", "modules.alias"],
      ]
        .map((path) => `lib/modules/${release}/${path}`)
        .sort(),
    );
    const vxlan = made.get(`lib/modules/${release}/kernel/vxlan.ko.gz`);
    if (vxlan?.type !== "file") throw new Error("vxlan is no file");
    const unpacked = gunzipSync(await readContent(vxlan.content));
    expect(unpacked).toEqual(kernelModule("name=vxlan", "depends="));
    const dependencies = await textAt(made, `lib/modules/${release}/modules.dep`);
    expect(dependencies).toContain("kernel/bridge.ko: kernel/stp.ko\n");
    expect(dependencies).toContain("kernel/ahci.ko.gz: kernel/libata.ko.gz\n");
    expect(await textAt(made, `lib/modules/${release}/modules.alias`)).toBe(
      "alias fs-iso9660 isofs\nalias pci:v*bc01sc06* ahci\n",
    );
  });

  test("has modprobe where the kernel looks for it", async () => {
    expect((await tree()).get("sbin")).toMatchObject({ type: "symlink", target: "bin" });
  });

  test("is refused when the kernel lacks what is indispensable, which is named", async () => {
    const modules = { ...recipe.modules, indispensable: ["nvme", "isofs", "zfs"] };
    await expect(tree(modules)).rejects.toMatchObject({
      code: "KERNEL_UNSUITABLE",
      message: `kernel ${release} lacks nvme, zfs`,
    });
  });
});
