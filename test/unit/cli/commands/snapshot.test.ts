import { expect, test, vi } from "vitest";
import { snapshotCommand } from "../../../../src/cli/commands/machine/snapshot.ts";
import { suspendCommand } from "../../../../src/cli/commands/machine/suspend.ts";
import { runCommand } from "../../../support/worlds/cli-world.ts";
import { coreWorld, runningMachine } from "../../../support/worlds/core-world.ts";

vi.setConfig({ testTimeout: 30_000 });

test("snapshots are made, listed, gone back to and removed", async () => {
  const world = await coreWorld();
  await runningMachine(world, { name: "dev" });
  const run = async (...args: string[]) => (await runCommand(world, snapshotCommand, args)).stdout;
  expect(await run("create", "dev", "a")).toBe('Snapshot "a" of machine "dev" was taken.\n');
  await run("create", "dev", "b");
  expect(await run("ls", "dev")).toBe("a\nb\n");
  expect(JSON.parse(await run("ls", "--json", "dev"))).toEqual(["a", "b"]);
  expect(await run("restore", "dev", "a")).toBe('Snapshot "a" of machine "dev" was restored.\n');
  expect(JSON.parse(await run("rm", "--json", "dev", "b"))).toEqual({
    ...{ name: "dev", label: "b", outcome: "removed" },
  });
  expect(await run("ls", "dev")).toBe("a\n");
});

test("machines are suspended, and said so", async () => {
  const world = await coreWorld();
  await runningMachine(world, { name: "dev" });
  expect((await runCommand(world, suspendCommand, ["dev"])).stdout).toBe(
    'Machine "dev" was suspended.\n',
  );
  await expect(runCommand(world, suspendCommand, ["dev"])).rejects.toMatchObject({
    code: "ALREADY_IN_STATE",
  });
});
