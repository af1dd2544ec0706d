import { stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { cloneCommand } from "../../../../src/cli/commands/machine/clone.ts";
import { exportCommand } from "../../../../src/cli/commands/machine/export.ts";
import { importCommand } from "../../../../src/cli/commands/system/import.ts";
import {
  diskBytes,
  exportedMachine,
  stoppedMachine,
} from "../../../support/copies/stopped-machine.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";
import { runCommand } from "../../../support/worlds/cli-world.ts";
import { coreWorld, runningMachine } from "../../../support/worlds/core-world.ts";

vi.setConfig({ testTimeout: 60_000 });

async function stoppedWorld() {
  const world = await coreWorld();
  await stoppedMachine(world);
  return world;
}

describe("clone", () => {
  test("says what came of it, and how to go on", async () => {
    const world = await stoppedWorld();
    expect((await runCommand(world, cloneCommand, ["dev", "copy"])).stdout).toBe(
      'Machine "copy" was cloned from "dev". To start it, run: tsmachine start copy\n',
    );
    expect(world.steps).toContain('Copying the disk of "dev"');
    const { stdout } = await runCommand(world, cloneCommand, ["--json", "dev", "copy2"]);
    expect(JSON.parse(stdout)).toEqual({ name: "copy2", source: "dev", outcome: "cloned" });
  });

  test("takes two names", async () => {
    await expect(runCommand(await coreWorld(), cloneCommand, ["dev"])).rejects.toThrow("new-name");
  });
});

describe("export", () => {
  test("says how large the file is, and overwrites none unasked", async () => {
    const world = await stoppedWorld();
    const path = join(await temporaryDirectory(), "dev.tsmachine");
    expect((await runCommand(world, exportCommand, ["dev", path])).stdout).toMatch(
      /^Machine "dev" was exported to .*dev\.tsmachine \(\d+\.\d kB\)\.\n$/,
    );
    await expect(runCommand(world, exportCommand, ["dev", path])).rejects.toMatchObject({
      code: "FILE_EXISTS",
    });
    const { stdout } = await runCommand(world, exportCommand, ["-f", "--json", "dev", path]);
    const { size } = await stat(path);
    expect(JSON.parse(stdout)).toEqual({ name: "dev", file: path, size, diskBytes });
  });
});

describe("import of an archive", () => {
  test("says what the machine is called, and as JSON what is new about it", async () => {
    const path = await exportedMachine(await stoppedWorld());
    const world = await coreWorld();
    await runningMachine(world, { name: "other" });
    expect((await runCommand(world, importCommand, [path])).stdout).toBe(
      'Machine "dev" was imported. To start it, run: tsmachine start dev\n',
    );
    const { stdout } = await runCommand(world, importCommand, ["--json", "--name", "dev2", path]);
    expect(JSON.parse(stdout)).toEqual({
      ...{ name: "dev2", outcome: "imported", certificate: "renewed", imagesToMake: [] },
    });
    expect(world.warnings).toEqual([]);
  });

  test("warns of images that are to be made, unless it is to have new ones", async () => {
    const path = await exportedMachine(await stoppedWorld());
    const world = await coreWorld();
    await runCommand(world, importCommand, [path]);
    expect(world.warnings).toEqual([
      expect.stringContaining('lacks the boot and the engine image of "dev"'),
    ]);
    await runCommand(world, importCommand, ["--new-images", "--name", "new", path]);
    expect(world.warnings).toHaveLength(1);
  });

  test.each([
    [["--dry-run"], [], /--dry-run is for docker-machine's store/],
    [["--ssh-host-key", "ssh-ed25519 AAAA"], [], /--ssh-host-key is for docker-machine's store/],
    [[], ["web"], /web is for docker-machine's store/],
  ])("refuses %j and %j", async (flags, names, message) => {
    const world = await stoppedWorld();
    const path = await exportedMachine(world);
    await expect(
      runCommand(world, importCommand, [...flags, path, ...names]),
    ).rejects.toMatchObject({ code: "INVALID_INPUT", message: expect.stringMatching(message) });
  });

  test.each([
    [["--name", "a", "./src"], "--name is for an archive"],
    [["--new-images", "./src"], "--new-images is for an archive"],
  ])("is not what %j means", async (args, message) => {
    await expect(runCommand(await coreWorld(), importCommand, args)).rejects.toThrow(message);
  });
});
