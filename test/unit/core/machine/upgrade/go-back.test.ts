import { describe, expect, test, vi } from "vitest";
import {
  killMachine,
  restartMachine,
  startMachine,
} from "../../../../../src/core/machine/power.ts";
import { removeMachine } from "../../../../../src/core/machine/remove.ts";
import { type UpgradeWorld, upgradeWorld } from "../../../../support/worlds/upgrade-world.ts";

vi.setConfig({ testTimeout: 30_000 });

const limits = { bootTimeoutMs: 10_000 };
const broken = { lastWords: ["tsmachine: FAILED engine: no such thing"] };

const engineBooted = ({ provider }: UpgradeWorld) => provider.places.at(-1)?.images?.engineImage;

describe("a machine gets its former engine back", () => {
  test("when the new one fails", async () => {
    const world = await upgradeWorld();
    world.otherEnginesAre(broken);
    world.offer("27.0.1");
    await expect(world.upgrade()).rejects.toMatchObject({
      code: "UPGRADE_FAILED",
      message: expect.stringMatching(
        /^machine "dev" does not come up with engine 27\.0\.1 \(.*no such thing.*\); it runs with engine 26\.1\.5 again$/,
      ),
    });
    expect(await world.record()).toEqual(world.before);
    expect(world.provider.calls).toEqual(["stop dev", "start dev", "start dev"]);
    expect(engineBooted(world)).toContain(world.before.images.engine);
  });

  test("when the new one does not answer in time", async () => {
    const world = await upgradeWorld();
    world.otherEnginesAre("mute");
    world.offer("27.0.1");
    await expect(world.upgrade({ bootTimeoutMs: 2_000 })).rejects.toMatchObject({
      code: "UPGRADE_FAILED",
    });
    expect(await world.record()).toEqual(world.before);
    expect(world.provider.calls).toEqual(["stop dev", "start dev", "stop dev", "start dev"]);
  });

  test("when the new one cannot be started, and stays off where it was off", async () => {
    const world = await upgradeWorld();
    await world.provider.setPower("dev", "stopped");
    world.provider.failNext("start", new Error("no memory"));
    world.offer("27.0.1");
    await expect(world.upgrade()).rejects.toMatchObject({
      code: "UPGRADE_FAILED",
      message:
        'machine "dev" does not come up with engine 27.0.1 (no memory); it has engine 26.1.5 again',
    });
    expect(await world.record()).toEqual(world.before);
    expect(world.provider.calls).toEqual([]);
  });

  test("and the error says so when that one fails as well", async () => {
    const world = await upgradeWorld();
    world.provider.guest = broken;
    world.offer("27.0.1");
    await expect(world.upgrade()).rejects.toMatchObject({
      code: "UPGRADE_FAILED",
      message: expect.stringMatching(/27\.0\.1 \(.*\), nor with engine 26\.1\.5 again \(.*\)$/),
    });
    expect(await world.record()).toEqual(world.before);
  });

  test("on Ctrl-C, and is left off", async () => {
    const world = await upgradeWorld();
    world.provider.guest = () => {
      setImmediate(() => world.abort(new Error("Ctrl-C")));
      return "mute";
    };
    world.offer("27.0.1");
    await expect(world.upgrade()).rejects.toThrow("Ctrl-C");
    expect(await world.record()).toEqual(world.before);
    expect(world.provider.calls).toEqual(["stop dev", "start dev", "stop dev"]);
    expect(world.warnings).toEqual(['machine "dev" is stopped, with its former engine']);
  });

  test("with what it was made of", async () => {
    const world = await upgradeWorld();
    world.otherEnginesAre(broken);
    world.offer("27.0.1");
    const files = () => world.context.store.readMachineFiles("dev");
    const { imageLocks } = await files();
    await expect(world.upgrade()).rejects.toMatchObject({ code: "UPGRADE_FAILED" });
    expect((await files()).imageLocks).toBe(imageLocks);
  });
});

const warning =
  'the upgrade of machine "dev" was interrupted; it has its former engine again, upgrade it with `tsmachine upgrade dev`';

describe("an upgrade that was killed", () => {
  test("is completed by `start` when the new engine runs and answers", async () => {
    const world = await upgradeWorld();
    const journal = await world.leaveUpgrade();
    expect(await startMachine(world.context, "dev", limits)).toBe("unchanged");
    expect((await world.record()).upgrade).toBeUndefined();
    expect((await world.record()).images).toMatchObject({
      ...{ engine: journal?.to, previousEngine: journal?.from },
    });
    expect(world.warnings).toEqual([]);
  });

  test("is taken back by `start` when the machine is off", async () => {
    const world = await upgradeWorld();
    await world.leaveUpgrade();
    await world.provider.setPower("dev", "stopped");
    expect(await startMachine(world.context, "dev", limits)).toBe("changed");
    expect(await world.record()).toEqual(world.before);
    expect(engineBooted(world)).toContain(world.before.images.engine);
    expect(world.warnings).toEqual([warning]);
  });

  test("is taken back by `start` when the new engine runs and does not answer", async () => {
    const world = await upgradeWorld();
    await world.leaveUpgrade();
    await world.provider.endEngine("dev");
    expect(await startMachine(world.context, "dev", { bootTimeoutMs: 2_000 })).toBe("changed");
    expect(await world.record()).toEqual(world.before);
    expect(world.provider.calls).toEqual(["stop dev", "start dev"]);
  });

  test("is taken back by `restart`", async () => {
    const world = await upgradeWorld();
    await world.leaveUpgrade();
    await restartMachine(world.context, "dev", limits);
    expect(await world.record()).toEqual(world.before);
  });

  test("is taken up again by `upgrade`", async () => {
    const world = await upgradeWorld();
    const journal = await world.leaveUpgrade();
    await world.provider.setPower("dev", "stopped");
    expect(await world.upgrade()).toMatchObject({ outcome: "upgraded", from: "26.1.5" });
    expect((await world.record()).images.engine).toBe(journal?.to);
    expect((await world.record()).upgrade).toBeUndefined();
  });

  test("has both images remade where the cache has lost them", async () => {
    const world = await upgradeWorld();
    await world.leaveUpgrade();
    await killMachine(world.context, "dev");
    await world.loseEngineImages();
    await startMachine(world.context, "dev", limits);
    expect(await world.record()).toEqual(world.before);
  });

  test("keeps nobody from removing the machine", async () => {
    const world = await upgradeWorld();
    await world.leaveUpgrade();
    await removeMachine(world.context, "dev", { force: false });
    expect(await world.context.store.listMachineNames()).toEqual([]);
  });
});
