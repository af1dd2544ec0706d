import { readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { run } from "../../../src/host/processes/run.ts";
import { projectFolder } from "../../support/project-files.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const library = join(
  projectFolder,
  "templates/guest/root/usr/lib/tsmachine/boot2docker/format-disk",
);
const mebibyte = 2 ** 20;
const diskBytes = 64 * mebibyte + 512;

/** What docker-machine writes to a new disk; the guest keeps the first MiB of it. */
const archive = Buffer.alloc(mebibyte);
archive.write("boot2docker, please format-me");
archive.fill("ssh-rsa AAAA\n", 1024, 8192);

async function newDisk() {
  const folder = await temporaryDirectory();
  const path = join(folder, "disk");
  await writeFile(path, archive);
  await truncate(path, diskBytes);
  return { folder, path };
}
type Disk = Awaited<ReturnType<typeof newDisk>>;

const sh = (script: string, disk: Disk) =>
  run("sh", ["-c", `. "$1"; ${script}`, "sh", library, disk.path, `${diskBytes}`], {
    cwd: disk.folder,
    acceptExitCodes: "all",
    timeoutMs: 60_000,
  });

/** What the guest does at a boot, with functions of its own in place of the library's. */
const boot = (disk: Disk, functions = "") =>
  sh(
    `${functions}
     if has_label "$2"; then echo labelled
     elif has_magic "$2" || has_magic "$2" "$(last_place "$3")"; then
       rm -rf kept; format_disk "$2" "$3" kept >log 2>&1 && echo formatted
     else echo lost; fi`,
    disk,
  );

async function expectKept(disk: Disk): Promise<void> {
  expect((await boot(disk)).stdout).toBe("labelled\n");
  await run("/usr/sbin/e2fsck", ["-f", "-n", disk.path], { timeoutMs: 60_000 });
  const dump = "dump /var/lib/boot2docker/userdata.tar kept.tar";
  await run("/usr/sbin/debugfs", ["-R", dump, disk.path], {
    ...{ cwd: disk.folder, timeoutMs: 60_000 },
  });
  expect(archive.equals(await readFile(join(disk.folder, "kept.tar")))).toBe(true);
}

test("a disk that begins with the archive becomes a file system with the archive in it", async () => {
  const disk = await newDisk();
  expect((await boot(disk)).stdout).toBe("formatted\n");
  await expectKept(disk);
});

test("a disk without label and archive is left alone", async () => {
  const disk = await newDisk();
  await writeFile(disk.path, Buffer.alloc(4 * mebibyte, "x"));
  expect((await boot(disk)).stdout).toBe("lost\n");
  expect((await readFile(disk.path)).equals(Buffer.alloc(4 * mebibyte, "x"))).toBe(true);
});

// Each function as it would leave the disk when the power goes while it works.
const garbage = "head -c 3000 /dev/urandom";
const cuts = [
  ["before the archive is copied", "copy_to_end() { exit 9; }"],
  [
    "while the archive is copied",
    `copy_to_end() { ${garbage} | dd of="$1" bs=1048576 seek="$2" conv=notrunc; exit 9; }`,
  ],
  ["before the beginning is erased", "erase_beginning() { exit 9; }"],
  ["before the disk is formatted", "make_file_system() { exit 9; }"],
  [
    "while the disk is formatted",
    `make_file_system() { ${garbage} | dd of="$1" bs=512 seek=3 conv=notrunc; exit 9; }`,
  ],
  ["before the file system has its label", "set_label() { exit 9; }"],
] as const;

describe("a power cut", () => {
  test.each(cuts)("%s costs nothing", async (_, functions) => {
    const disk = await newDisk();
    expect(await boot(disk, functions)).toMatchObject({ exitCode: 9 });
    expect((await boot(disk)).stdout).toBe("formatted\n");
    await expectKept(disk);
  });
});
