import { expect, test, vi } from "vitest";
import { shareCommand } from "../../../../src/cli/commands/machine/share.ts";
import { runCommand } from "../../../support/worlds/cli-world.ts";
import { coreWorld, runningMachine } from "../../../support/worlds/core-world.ts";

vi.setConfig({ testTimeout: 30_000 });

async function running() {
  const world = await coreWorld();
  await runningMachine(world, { name: "dev" });
  const share = async (...args: string[]) => (await runCommand(world, shareCommand, args)).stdout;
  return { world, share };
}

test("folders are added, replaced, listed and taken back", async () => {
  const { share } = await running();
  expect(await share("add", "dev", "/srv/a:/a", "/srv/b:/b:ro")).toBe(
    'Machine "dev" has 2 shared folders, once it was restarted: tsmachine restart dev\n',
  );
  expect(JSON.parse(await share("add", "dev", "/srv/c:/a", "--json"))).toEqual({
    name: "dev",
    folders: [
      { path: "/srv/b", mountPoint: "/b", isReadOnly: true },
      { path: "/srv/c", mountPoint: "/a", isReadOnly: false },
    ],
    needsRestart: true,
  });
  expect(await share("ls", "dev")).toMatch(
    /^HOST +GUEST +ACCESS\n\/srv\/b +\/b +read-only\n\/srv\/c +\/a +read-write\n$/,
  );
  await share("rm", "dev", "/b", "/srv/c");
  expect(JSON.parse(await share("ls", "dev", "--json"))).toEqual([]);
});

test("one that is off has other folders at once", async () => {
  const { world, share } = await running();
  await world.provider.setPower("dev", "stopped");
  expect(await share("add", "dev", "/srv/a:/a")).toBe('Machine "dev" has 1 shared folder\n');
});

test("a suspended one keeps its folders", async () => {
  const { world, share } = await running();
  await world.provider.setPower("dev", "suspended");
  await expect(share("add", "dev", "/srv/a:/a")).rejects.toMatchObject({
    code: "MACHINE_NOT_RUNNING",
  });
});

test("a folder that is not shared is not taken back, and nothing changes", async () => {
  const { share } = await running();
  await share("add", "dev", "/srv/a:/a");
  await expect(share("rm", "dev", "/a", "/nowhere")).rejects.toMatchObject({
    code: "INPUT_MISSING",
    message: 'machine "dev" has no shared folder /nowhere',
  });
  expect(JSON.parse(await share("ls", "dev", "--json"))).toHaveLength(1);
});
