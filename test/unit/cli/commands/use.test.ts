import { beforeEach, expect, test, vi } from "vitest";
import { useCommand } from "../../../../src/cli/commands/client/use.ts";
import { readCurrentContext } from "../../../../src/store/docker-contexts/current-context.ts";
import { runCommand } from "../../../support/worlds/cli-world.ts";
import { type CoreWorld, coreWorld, runningMachine } from "../../../support/worlds/core-world.ts";

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let world: CoreWorld;
beforeEach(async () => {
  world = await coreWorld();
  await runningMachine(world, { registersContext: true });
});

const current = () => readCurrentContext(world.context.dockerConfig);

test("use makes the machine's context the current one, and --unset docker's own", async () => {
  expect((await runCommand(world, useCommand, ["dev"])).stdout).toContain('machine "dev"');
  expect(await current()).toBe("dev");
  expect((await runCommand(world, useCommand, ["-u"])).stdout).toContain(
    "no machine (context default)",
  );
  expect(await current()).toBeUndefined();
});

test("use prints as JSON what it has done", async () => {
  const json = async (...args: string[]) =>
    JSON.parse((await runCommand(world, useCommand, [...args, "--json"])).stdout);
  expect(await json("dev")).toEqual({ name: "dev", dockerContext: "dev" });
  expect(await json("-u")).toEqual({ name: null, dockerContext: "default" });
});

test("use --unset of a machine is refused", async () => {
  await expect(runCommand(world, useCommand, ["-u", "dev"])).rejects.toMatchObject({
    code: "ARGUMENTS_EXTRA",
  });
});
