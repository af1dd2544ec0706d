import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readContent } from "../../../src/bytes/content.ts";
import { fatImage } from "../../../src/bytes/fat/write-fat.ts";
import type { FileTree } from "../../../src/bytes/file-tree.ts";
import { run } from "../../../src/host/processes/run.ts";
import { directory, file } from "../../support/archives/contents.ts";
import { hasProgram } from "../../support/archives/programs.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const options = { label: "SAMPLE", serial: 0x1234abcd, time: new Date("2026-03-04T05:06:08Z") };
const program = Buffer.alloc(1_234_567, "program");
const small: FileTree = new Map([
  ["EFI/BOOT/BOOTX64.EFI", file(program)],
  ["EFI/EMPTY", file("")],
  ["NOTHING", directory()],
  ...Array.from(
    { length: 100 },
    (_, index) => [`MANY/FILE${index}.TXT`, file(`${index}`)] as const,
  ),
]);
const large: FileTree = new Map([...small, ["LARGE.BIN", file(Buffer.alloc(20_000_000, 1))]]);

async function writeSample(tree: FileTree): Promise<string> {
  const path = join(await temporaryDirectory(), "fat.img");
  await writeFile(path, await readContent(fatImage(tree, options)));
  return path;
}

const volumes = [
  [12, small],
  [16, large],
] as const;

describe.skipIf(!hasProgram("fsck.vfat"))("fsck.vfat", () => {
  test.each(volumes)("finds nothing wrong with FAT%i", async (entryBits, tree) => {
    const { stdout } = await run("fsck.vfat", ["-n", "-v", await writeSample(tree)]);
    expect(stdout).toContain(`2 FATs, ${entryBits} bit entries`);
    // Its last line counts files and clusters; complaints would come before that.
    expect(stdout.trim().split("\n").slice(-2)).toEqual([
      "Checking for unused clusters.",
      expect.stringMatching(/: \d+ files, (\d+)\/\1 clusters$/),
    ]);
  });
});

describe.skipIf(!hasProgram("mcopy"))("mtools", () => {
  test.each(volumes)("read back what FAT%i holds", async (_, tree) => {
    const image = await writeSample(tree);
    const copy = join(await temporaryDirectory(), "copy");
    await run("mcopy", ["-i", image, "::EFI/BOOT/BOOTX64.EFI", copy]);
    expect((await readFile(copy)).equals(program)).toBe(true);
    const { stdout } = await run("mdir", ["-i", image, "-b", "-/", "::"]);
    expect(stdout.trim().split("\n")).toEqual(
      expect.arrayContaining(["::/EFI/EMPTY", "::/MANY/FILE99.TXT", "::/NOTHING/"]),
    );
    const listing = await run("mdir", ["-i", image, "::EFI/BOOT"]);
    expect(listing.stdout).toContain("Volume in drive : is SAMPLE");
    expect(listing.stdout).toContain("Volume Serial Number is 1234-ABCD");
    expect(listing.stdout).toMatch(/BOOTX64 +EFI +1234567 2026-03-04 +5:06/);
  });
});
