import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { FileEntry, FileTree } from "../../../../src/bytes/file-tree.ts";
import { selectModules } from "../../../../src/iso/kernel/select-modules.ts";
import { file, symlink } from "../../../support/archives/contents.ts";
import { kernelModule } from "../../../support/archives/kernel-module.ts";

const version = "6.12.1-cloud-amd64";

function kernelTree(
  files: Readonly<Record<string, FileEntry>>,
  folder = `usr/lib/modules/${version}`,
): FileTree {
  return new Map(Object.entries(files).map(([path, entry]) => [`${folder}/${path}`, entry]));
}

const files = {
  "kernel/net/core/failover.ko": file(kernelModule("name=failover", "depends=")),
  "kernel/drivers/net/net-failover.ko.gz": file(
    gzipSync(kernelModule("name=net_failover", "depends=failover", "alias=net-x")),
  ),
  "kernel/drivers/net/virtio_net.ko": file(
    kernelModule("name=virtio_net", "depends=net_failover,failover", "alias=virtio:d1v*"),
  ),
  "kernel/fs/broken.ko": file("never opened"),
  "modules.builtin": file("kernel/fs/ext4/ext4.ko\nkernel/drivers/virtio/virtio-pci.ko\n"),
  build: symlink("/usr/src/linux-headers"),
};

function select(wanted: readonly string[], tree = kernelTree(files)) {
  return selectModules({ tree, wanted, signal: new AbortController().signal });
}

test("a module comes after all that it needs, once, uncompressed and as packed, with its aliases", async () => {
  const selection = await select(["virtio-net", "failover", "net_failover"]);
  expect(selection.version).toBe(version);
  expect(selection.modules.map(({ name, path }) => [name, path])).toEqual([
    ["failover", "kernel/net/core/failover.ko"],
    ["net_failover", "kernel/drivers/net/net-failover.ko"],
    ["virtio_net", "kernel/drivers/net/virtio_net.ko"],
  ]);
  for (const { bytes } of selection.modules) {
    expect(Buffer.from(bytes).toString("latin1", 1, 4)).toBe("ELF");
  }
  expect(selection.modules.map(({ packed }) => packed.packedPath)).toEqual([
    "kernel/net/core/failover.ko",
    "kernel/drivers/net/net-failover.ko.gz",
    "kernel/drivers/net/virtio_net.ko",
  ]);
  expect(selection.aliases).toBe("alias net-x net_failover\nalias virtio:d1v* virtio_net\n");
  expect(selection.missing).toEqual([]);
});

test("what is built into the kernel is present and needs no module", async () => {
  const selection = await select(["ext4", "virtio_pci", "virtio-pci"]);
  expect(selection.modules).toEqual([]);
  expect(selection.missing).toEqual([]);
});

test("what the package lacks is named as it was asked for", async () => {
  const selection = await select(["no-such", "failover", "no-such"]);
  expect(selection.missing).toEqual(["no-such"]);
  expect(selection.modules.map(({ name }) => name)).toEqual(["failover"]);
});

test("a module without all that it needs is missing, as is what it lacks", async () => {
  const tree = kernelTree({
    "a.ko": file(kernelModule("name=a", "depends=b")),
    "b.ko": file(kernelModule("name=b", "depends=gone")),
  });
  expect(await select(["a"], tree)).toMatchObject({ modules: [], missing: ["gone", "b", "a"] });
});

describe("what a module prefers", () => {
  const tree = kernelTree({
    "log.ko": file(kernelModule("name=log", "depends=", "softdep=pre: syslog crypto-crc32c")),
    "syslog.ko": file(kernelModule("name=syslog", "depends=base", "weakdep=log")),
    "base.ko": file(kernelModule("name=base", "depends=log")),
  });

  test("is selected with it, even when that needs the module itself", async () => {
    const { modules } = await select(["log"], tree);
    expect(modules.map(({ name }) => name)).toEqual(["log", "base", "syslog"]);
  });

  test("is not missing when it is an alias, or nothing in this package", async () => {
    expect((await select(["log"], tree)).missing).toEqual([]);
  });
});

test("old packages have their modules in lib", async () => {
  const tree = kernelTree(files, "lib/modules/5.10.0-30-amd64");
  const selection = await select(["failover"], tree);
  expect(selection.version).toBe("5.10.0-30-amd64");
  expect(selection.modules).toHaveLength(1);
});

describe("a package is refused", () => {
  test.each([
    ["without modules", new Map(), ["a"], "it holds no modules"],
    [
      "of two kernels",
      new Map([...kernelTree(files), ...kernelTree(files, "usr/lib/modules/6.13")]),
      ["a"],
      `it holds modules of several kernels: ${version}, 6.13`,
    ],
    [
      "with a broken module that is wanted",
      kernelTree(files),
      ["broken"],
      "it is not a kernel module",
    ],
    [
      "with modules that need each other",
      kernelTree({
        "a.ko": file(kernelModule("name=a", "depends=b")),
        "b.ko": file(kernelModule("name=b", "depends=a")),
      }),
      ["a"],
      "modules need each other: a → b → a",
    ],
    [
      "with modules in a compression that nobody here reads",
      kernelTree({ "a.ko.zst": file("zstd") }),
      ["b"],
      "a.ko.zst cannot be unpacked: modules compressed as .zst are not supported",
    ],
    [
      "with a module in damaged compression",
      kernelTree({ "a.ko.xz": file("not xz") }),
      ["a"],
      "a.ko cannot be unpacked: its xz data is damaged or cut short",
    ],
  ])("%s", async (_, tree, wanted, problem) => {
    await expect(select(wanted, tree)).rejects.toMatchObject({
      code: "ARCHIVE_INVALID",
      message: expect.stringContaining(problem),
    });
  });
});

test("an aborted selection ends with the signal's reason", async () => {
  const signal = AbortSignal.abort(new Error("enough"));
  const selecting = selectModules({ tree: kernelTree(files), wanted: ["failover"], signal });
  await expect(selecting).rejects.toThrow("enough");
});
