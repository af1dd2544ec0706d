import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, inject, test } from "vitest";
import { run } from "../../src/host/processes/run.ts";
import {
  bootImageNames,
  engineImageName,
  imageDirectory,
} from "../../src/iso/images/cache/image-files.ts";
import { createTestMachine, type TestMachine } from "../support/machines/machine.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

let machine: TestMachine;
beforeAll(async () => {
  machine = await createTestMachine(["--kvm-boot", "disk"]);
  return () => machine[Symbol.asyncDispose]();
});

/**
 * Of sh(1), for this host and for the guest: a line for each folder, link and file below, with its mode, time,
 * target or SHA-256. Sizes of folders are the file system's own business.
 */
const describeHere = [
  "export LC_ALL=C",
  "find . -mindepth 1 -type d -exec stat -c '%a %Y folder %n' {} +",
  'find . -type l -exec sh -c \'for link; do echo "link $link $(readlink "$link")"; done\' - {} +',
  "find . -type f -exec stat -c '%a %Y %s file %n' {} +",
  "find . -type f -exec sha256sum {} +",
].join(" && ");

/** Mounts each medium with ISO 9660 in the guest until one has the file. */
const mountWith = (file: string) =>
  [
    "mkdir -p /tmp/medium && for device in /dev/sr[0-9] /dev/vd[a-z] /dev/sd[a-z]; do",
    'sudo mount -t iso9660 -o ro "$device" /tmp/medium 2>/dev/null || continue;',
    `if [ -e "/tmp/medium/${file}" ]; then exit 0; fi; sudo umount /tmp/medium; done; exit 1`,
  ].join(" ");

test.each([
  { kind: "boot", file: "boot/vmlinuz", name: bootImageNames.iso },
  { kind: "engine", file: "usr/sbin/dockerd", name: engineImageName },
] as const)(
  "the guest's kernel mounts the $kind image and reads every file as xorriso does",
  async ({ kind, file, name }) => {
    await machine.guest(mountWith(file));
    const byLinux = sortedLines(
      await machine.guest(`cd /tmp/medium && sudo sh -c ${quoted(describeHere)}`),
    );
    await machine.guest("sudo umount /tmp/medium");
    const key = (await machine.inspect()).Record.images[kind];
    const folder = join(await temporaryDirectory(), kind);
    await mkdir(folder);
    await run("xorriso", [
      ...["-abort_on", "WARNING", "-osirrox", "on:device_files"],
      ...["-indev", join(imageDirectory(inject("cacheDirectory"), kind, key), name)],
      ...["-extract", "/", folder],
    ]);
    const { stdout } = await run("sh", ["-c", describeHere], { cwd: folder });
    const byXorriso = sortedLines(stdout);
    expect(byLinux.filter((line) => !byXorriso.includes(line)).slice(0, 10)).toEqual([]);
    expect(byLinux).toHaveLength(byXorriso.length);
    expect(byLinux.length).toBeGreaterThan(kind === "boot" ? 10 : 500);
  },
);

function sortedLines(text: string): readonly string[] {
  return text.trimEnd().split("\n").toSorted();
}

function quoted(script: string): string {
  return `'${script.replaceAll("'", "'\\''")}'`;
}
