import { readdir } from "node:fs/promises";
import { dirname } from "node:path";
import { expect, test, vi } from "vitest";
import { bundleCommand } from "../../../../src/cli/commands/system/bundle.ts";
import { bundleWorld } from "../../../support/bundle/bundle-world.ts";
import { runCommand } from "../../../support/worlds/cli-world.ts";

vi.setConfig({ testTimeout: 60_000 });

test("`bundle create` and `bundle import` print what is inside, of which date", async () => {
  const { online, path, offlineHost } = await bundleWorld();
  const created = await runCommand(online, bundleCommand, ["create", path]);
  expect(created.stdout.split("\n").map((line) => line.split(/ {2,}/))).toEqual([
    [expect.stringMatching(/bundle\.tar: \d+\.\d kB$/)],
    ["KIND", "ARCH", "SUITE", "RELEASED", "PACKAGES", "SIZE"],
    ["boot", "amd64", "trixie", "2026-11-20", "6", expect.stringMatching(/kB$/)],
    ["engine", "amd64", "trixie", "2026-11-20", "3", expect.stringMatching(/kB$/)],
    [""],
  ]);
  const imported = await runCommand(await offlineHost(), bundleCommand, ["import", path]);
  expect(imported.stdout).toMatch(/^boot +6\.12\.1-cloud-amd64 +amd64 +trixie +2026-11-20 /m);
  expect(imported.stdout).toMatch(/^engine +26\.1\.5 +amd64 +trixie +2026-11-20 /m);
});

test("with --json both print the file and the images", async () => {
  const { online, path, offlineHost } = await bundleWorld();
  const image = (kind: string) => ({
    ...{ kind, arch: "amd64", packages: expect.any(Number), size: expect.any(Number) },
    releases: [{ suite: "trixie", date: "2026-11-20T10:00:00.000Z" }],
  });
  const created = await runCommand(online, bundleCommand, ["create", path, "--json"]);
  expect(JSON.parse(created.stdout)).toEqual({
    ...{ file: path, size: expect.any(Number), images: [image("boot"), image("engine")] },
  });
  const imported = await runCommand(await offlineHost(), bundleCommand, ["import", path, "--json"]);
  const key = expect.stringMatching(/^[0-9a-f]{16}$/);
  expect(JSON.parse(imported.stdout)).toEqual({
    file: path,
    images: [
      { ...image("boot"), version: "6.12.1-cloud-amd64", key },
      { ...image("engine"), version: "26.1.5", key },
    ],
  });
});

test("`bundle create` overwrites a file with --force alone", async () => {
  const { online, path } = await bundleWorld();
  await runCommand(online, bundleCommand, ["create", path]);
  const again = (...flags: string[]) =>
    runCommand(online, bundleCommand, ["create", path, ...flags]);
  await expect(again()).rejects.toMatchObject({ code: "FILE_EXISTS" });
  expect(await again("--force")).toMatchObject({ exitStatus: 0 });
  expect(await readdir(dirname(path))).not.toContainEqual(expect.stringMatching(/\.tmp$/));
});

test("`bundle import` of what is no file says so", async () => {
  const { online, path } = await bundleWorld();
  await expect(runCommand(online, bundleCommand, ["import", path])).rejects.toMatchObject({
    code: "FILE_UNREADABLE",
    message: expect.stringContaining(path),
  });
});
