import { expect, test } from "vitest";
import { matrixCommand } from "../../../../../src/cli/commands/matrix/matrix.ts";
import { runCommand } from "../../../../support/worlds/cli-world.ts";
import { coreWorld } from "../../../../support/worlds/core-world.ts";

const kernels = ["5.10", "6.1", "6.6", "6.12", "6.18"];
const flags = ["--kernel", kernels.join(","), "--engine", "26.1"];

const jobs = async (...args: string[]) => {
  const plan = ["plan", ...flags, ...args, "--github", "--", "true"];
  const { stdout } = await runCommand(await coreWorld(), matrixCommand, plan);
  const { include } = JSON.parse(stdout);
  return include;
};

test("for GitHub there is a job for each shard", async () => {
  expect(await jobs("--shards", "5")).toHaveLength(5);
});

test("for GitHub a shard's share is that shard's job alone", async () => {
  const all = await jobs("--shards", "5");
  expect(await jobs("--shard", "2/5")).toEqual([all[1]]);
  expect(await jobs("--shard", "7/9")).toEqual([]);
});
