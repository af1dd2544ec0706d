import { readFileSync } from "node:fs";
import { mkdir, stat } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { writeIso } from "../../../src/bytes/iso9660/write-iso.ts";
import { run } from "../../../src/host/processes/run.ts";
import { directory, file } from "../../support/archives/contents.ts";
import { hasProgram } from "../../support/archives/programs.ts";
import { expectFolderToHold, sampleTree } from "../../support/archives/sample-tree.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const volume = { volumeId: "SAMPLE", time: new Date("2026-03-04T05:06:07Z") };
const signal = new AbortController().signal;

async function writeSample(): Promise<{ path: string; folder: string }> {
  const place = await temporaryDirectory();
  const path = join(place, "sample.iso");
  const folder = join(place, "root");
  await mkdir(folder);
  await writeIso({ ...volume, tree: sampleTree(), path, signal });
  return { path, folder };
}

describe.skipIf(!hasProgram("xorriso"))("xorriso", () => {
  test("extracts all that was written", async () => {
    const { path, folder } = await writeSample();
    await run("xorriso", [
      ...["-abort_on", "WARNING", "-osirrox", "on:device_files", "-indev", path],
      ...["-extract", "/", folder],
    ]);
    await expectFolderToHold(folder, sampleTree());
  });

  test("finds names of 255 bytes", async () => {
    const path = join(await temporaryDirectory(), "names.iso");
    const names = ["n".repeat(255), `${"é".repeat(127)}x`, "m".repeat(254)];
    const tree = new Map(names.map((name) => [name, file("")]));
    await writeIso({ ...volume, tree, path, signal });
    const { stdout } = await run("xorriso", ["-indev", path, "-find", "/", "-type", "f"]);
    expect(stdout.trim().split("\n").sort()).toEqual(names.map((name) => `'/${name}'`).sort());
  });

  test("sees the boot images, their platforms and the boot information table", async () => {
    const path = join(await temporaryDirectory(), "boot.iso");
    const tree = new Map([
      ["boot", directory()],
      ["boot/isolinux.bin", file(Buffer.alloc(30_001, 3))],
      ["boot/efi.img", file(Buffer.alloc(1_440_000, 4))],
    ]);
    await writeIso({
      ...volume,
      tree,
      path,
      signal,
      bootRecords: [
        { platform: "bios", path: "boot/isolinux.bin", bootInfoTable: true },
        { platform: "uefi", path: "boot/efi.img" },
      ],
    });
    const { stdout } = await run("xorriso", ["-indev", path, "-report_el_torito", "plain"]);
    expect(stdout).toMatch(/El Torito boot img : +1 +BIOS +y +none +0x0000 +0x00 +4 /);
    expect(stdout).toMatch(/El Torito boot img : +2 +UEFI +y +none +0x0000 +0x00 +2813 /);
    expect(stdout).toMatch(/El Torito img path : +1 +\/boot\/isolinux.bin/);
    expect(stdout).toMatch(/El Torito img opts : +1 +boot-info-table/);
    expect(stdout).toMatch(/El Torito img path : +2 +\/boot\/efi.img/);
  });

  test("sees the master boot record of isolinux and the EFI system partition", async () => {
    const path = join(await temporaryDirectory(), "disk.iso");
    const tree = new Map([
      ["boot/efi.img", file(Buffer.alloc(1_440_000, 4))],
      ["isolinux.bin", file(Buffer.alloc(30_001, 3))],
    ]);
    const bios = { code: Buffer.alloc(432, 0xcc), image: "isolinux.bin" };
    const disk = { diskSignature: 1, bios, efiSystemPartition: "boot/efi.img" };
    await writeIso({ ...volume, tree, path, signal, disk });
    const { stdout } = await run("xorriso", ["-indev", path, "-report_system_area", "plain"]);
    expect(stdout).toMatch(/MBR partition +: +1 +0x80 +0x17 +0 +\d+/);
    expect(stdout).toMatch(/MBR partition +: +2 +0x00 +0xef +\d+ +2816/);
    expect(stdout).toMatch(/MBR partition path : +2 +\/boot\/efi.img/);
  });
});

const canMount =
  userInfo().uid === 0 && readFileSync("/proc/filesystems", "utf8").includes("iso9660");

test.skipIf(!canMount)("Linux mounts the image and sees all that was written", async () => {
  const { path, folder } = await writeSample();
  await run("mount", ["-t", "iso9660", "-o", "loop,ro", path, folder]);
  onTestFinished(async () => {
    await run("umount", [folder]);
  });
  await expectFolderToHold(folder, sampleTree());
});

test("thousands of files are written in seconds", async () => {
  const place = await temporaryDirectory();
  const contents = Buffer.alloc(60_000, "content");
  const tree = new Map(
    Array.from({ length: 4000 }, (_, index) => [
      `usr/lib/part-${index % 40}/some-file-${index}`,
      file(contents.subarray(index % 100)),
    ]),
  );
  const path = join(place, "large.iso");
  const start = performance.now();
  await writeIso({ ...volume, tree, path, signal });
  expect((await stat(path)).size).toBeGreaterThan(230e6);
  expect(performance.now() - start).toBeLessThan(20_000);
});
