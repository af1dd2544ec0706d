import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { FileEntry, FileTree } from "../../../../src/bytes/file-tree.ts";
import { selectModules } from "../../../../src/iso/kernel/select-modules.ts";
import { file, symlink } from "../../../support/archive-contents.ts";
import { kernelModule } from "../../../support/kernel-module.ts";

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

test("a module comes after all that it needs, once, uncompressed, with its tables", async () => {
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
  expect(selection.dependencies).toBe(
    [
      "kernel/net/core/failover.ko:",
      "kernel/drivers/net/net-failover.ko: kernel/net/core/failover.ko",
      "kernel/drivers/net/virtio_net.ko: kernel/drivers/net/net-failover.ko kernel/net/core/failover.ko",
      "",
    ].join("\n"),
  );
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

test("a need that the package lacks is missing too", async () => {
  const tree = kernelTree({ "a.ko": file(kernelModule("name=a", "depends=gone")) });
  expect((await select(["a"], tree)).missing).toEqual(["gone"]);
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
