import { mkdir, rename, symlink, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { extract } from "tar-stream";
import { describe, expect, test } from "vitest";
import {
  findModuleFolder,
  packModules,
} from "../../../../../src/iso/images/kernel/pack-modules.ts";
import { temporaryDirectory } from "../../../../support/temporary-directory.ts";

const release = "6.12.1-own";

/** A folder as `make modules_install` leaves it below the path. */
async function installModules(path: string): Promise<void> {
  const files = {
    "kernel/fs/isofs/isofs.ko": "isofs",
    "kernel/drivers/cdrom/cdrom.ko.xz": "cdrom",
    "updates/own.ko": "own",
    "modules.builtin": "kernel/fs/overlay.ko\n",
    "modules.order": "of no use",
  };
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), content);
  }
}

async function packedBytes(path: string): Promise<Buffer> {
  return buffer(Readable.from(packModules(await findModuleFolder(path))));
}

async function packedNames(path: string): Promise<string[]> {
  const archive = extract();
  archive.end(await packedBytes(path));
  const names: string[] = [];
  for await (const entry of archive) {
    names.push(entry.header.name);
    entry.resume();
  }
  return names;
}

describe("the folder of a kernel's modules", () => {
  test.each([
    { what: "itself", installed: release, given: release },
    { what: "INSTALL_MOD_PATH", installed: `lib/modules/${release}`, given: "" },
    { what: "the root of a package", installed: `usr/lib/modules/${release}`, given: "" },
  ])("is found when $what is given", async ({ installed, given }) => {
    const root = await temporaryDirectory();
    await installModules(join(root, installed));
    expect(await findModuleFolder(join(root, given))).toEqual({
      ...{ path: join(root, installed), release },
    });
  });

  test("is found once in a root whose lib is a link", async () => {
    const root = await temporaryDirectory();
    await installModules(join(root, "usr/lib/modules", release));
    await symlink("usr/lib", join(root, "lib"));
    expect(await findModuleFolder(root)).toMatchObject({ release });
  });

  test("is not a folder of modules whose name is no release, such as the kernel's source", async () => {
    const root = await temporaryDirectory();
    await installModules(join(root, "linux"));
    await expect(findModuleFolder(join(root, "linux"))).rejects.toMatchObject({
      code: "INVALID_INPUT",
      message: `${join(root, "linux")} does not hold the modules of one kernel`,
      hints: [expect.stringContaining("make modules_install")],
    });
  });

  test("is not one of several kernels, which the hint names", async () => {
    const root = await temporaryDirectory();
    for (const name of ["6.12.1-a", "6.12.1-b"]) {
      await installModules(join(root, "lib/modules", name));
    }
    await expect(findModuleFolder(root)).rejects.toMatchObject({
      hints: ["give one of the folders in it: 6.12.1-a, 6.12.1-b"],
    });
  });

  test("is not one that is missing", async () => {
    const path = join(await temporaryDirectory(), "6.12.1-own");
    await expect(findModuleFolder(path)).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });
});

describe("packed modules", () => {
  test("are the modules and the list of what is built in, sorted", async () => {
    const root = await temporaryDirectory();
    await installModules(join(root, release));
    expect(await packedNames(join(root, release))).toEqual([
      `lib/modules/${release}/kernel/drivers/cdrom/cdrom.ko.xz`,
      `lib/modules/${release}/kernel/fs/isofs/isofs.ko`,
      `lib/modules/${release}/modules.builtin`,
      `lib/modules/${release}/updates/own.ko`,
    ]);
  });

  test("lack what links lead to, such as the source that they were built from", async () => {
    const root = await temporaryDirectory();
    await installModules(join(root, release));
    const before = await packedNames(join(root, release));
    await mkdir(join(root, "linux"));
    await writeFile(join(root, "linux/built.ko"), "not installed");
    for (const name of ["build", "source"]) {
      await symlink(join(root, "linux"), join(root, release, name));
    }
    await symlink("isofs.ko", join(root, release, "kernel/fs/isofs/alias.ko"));
    expect(await packedNames(join(root, release))).toEqual(before);
  });

  test("are the same bytes whenever and wherever they were installed", async () => {
    const root = await temporaryDirectory();
    await installModules(join(root, release));
    const first = await packedBytes(join(root, release));
    await mkdir(join(root, "lib/modules"), { recursive: true });
    await rename(join(root, release), join(root, "lib/modules", release));
    const module = join(root, "lib/modules", release, "updates/own.ko");
    await utimes(module, 1_000_000, 1_000_000);
    expect(await packedBytes(root)).toEqual(first);
  });
});
