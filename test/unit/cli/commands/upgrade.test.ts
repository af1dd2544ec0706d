import { describe, expect, test, vi } from "vitest";
import { upgradeCommand } from "../../../../src/cli/commands/machine/upgrade.ts";
import { writeEngineArchive } from "../../../support/images/engine-archive.ts";
import { fakeEngineOffer } from "../../../support/images/fake-images.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";
import { runCommand } from "../../../support/worlds/cli-world.ts";
import { createRequest, runningMachine } from "../../../support/worlds/core-world.ts";
import { upgradeWorld } from "../../../support/worlds/upgrade-world.ts";

vi.setConfig({ testTimeout: 30_000 });

describe("upgrade", () => {
  test("says from which engine to which", async () => {
    const world = await upgradeWorld();
    world.offer("27.0.1");
    const { stdout } = await runCommand(world, upgradeCommand, ["dev"]);
    expect(stdout).toBe('Machine "dev" was upgraded from engine 26.1.5 to 27.0.1.\n');
  });

  test("says that there is nothing newer, and succeeds", async () => {
    const world = await upgradeWorld();
    const { stdout, exitStatus } = await runCommand(world, upgradeCommand, ["dev"]);
    expect(stdout).toBe('Machine "dev" is already up to date: engine 26.1.5.\n');
    expect(exitStatus).toBe(0);
  });

  test("says that the packages are newer", async () => {
    const world = await upgradeWorld();
    world.offer("26.1.5");
    const { stdout } = await runCommand(world, upgradeCommand, ["dev"]);
    expect(stdout).toBe('Machine "dev" was upgraded to the newest packages of engine 26.1.5.\n');
  });

  test("takes an engine that is offered", async () => {
    const world = await upgradeWorld();
    world.packages.otherEngines = [fakeEngineOffer("20.10.24", "bookworm")];
    world.offer("20.10.24");
    const { stdout } = await runCommand(world, upgradeCommand, [
      "--engine-version",
      "20.10",
      "dev",
    ]);
    expect(stdout).toBe('Machine "dev" was upgraded from engine 26.1.5 to 20.10.24.\n');
  });

  test("takes an engine from an archive, and prints JSON", async () => {
    const world = await upgradeWorld();
    const path = await writeEngineArchive(await temporaryDirectory());
    const flags = ["--engine-archive", path, "--json"];
    const { stdout } = await runCommand(world, upgradeCommand, [...flags, "dev"]);
    expect(JSON.parse(stdout)).toEqual([
      { name: "dev", outcome: "upgraded", from: "26.1.5", to: "27.0.1" },
    ]);
    expect(world.steps).toContain("Fetching the engine's archive");
  });

  test("upgrades several machines, and says which although one fails", async () => {
    const world = await upgradeWorld();
    await runningMachine(world, { ...createRequest(), name: "other" });
    world.offer("27.0.1");
    await runningMachine(world, { ...createRequest(), name: "half" });
    await world.context.store.writeMachine({
      ...(await world.context.store.readMachine("half")),
      phase: "removing",
    });
    const run = runCommand(world, upgradeCommand, ["other", "half", "dev"]);
    await expect(run).rejects.toMatchObject({ code: "MACHINE_INCOMPLETE" });
    for (const name of ["dev", "other"]) {
      const { images } = await world.context.store.readMachine(name);
      expect(images?.previousEngine).toBe(world.before.images.engine);
    }
  });
});
