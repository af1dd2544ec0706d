import { expect, test, vi } from "vitest";
import { setCommand } from "../../../../src/cli/commands/machine/set.ts";
import { runCommand } from "../../../support/worlds/cli-world.ts";
import { coreWorld, runningMachine } from "../../../support/worlds/core-world.ts";

vi.setConfig({ testTimeout: 30_000 });

async function running() {
  const world = await coreWorld();
  await runningMachine(world, { name: "dev" });
  return async (...args: string[]) => (await runCommand(world, setCommand, args)).stdout;
}

test("sizes are changed, and said so", async () => {
  const set = await running();
  expect(await set("dev", "--memory", "2048", "--cpus", "2")).toBe(
    'Machine "dev" has 2048 MiB of memory, 2 CPUs and a disk of 1024 MiB from its next start on.\n',
  );
  expect(JSON.parse(await set("dev", "--protect", "--json"))).toEqual({
    ...{ name: "dev", isProtected: true, needsRestart: false },
    sizes: { memoryMiB: 2048, cpuCount: 2, diskSizeMiB: 1024 },
  });
});

test.each([
  [["dev"], /there is nothing to set/],
  [["dev", "--memory", "1"], /whole number from 256/],
  [["dev", "--cpus", "two"], /whole number from 1 to 255/],
  [["dev", "--disk", "-5"], /whole number from 512/],
])("%j is refused", async (args, message) => {
  const set = await running();
  await expect(set(...args)).rejects.toThrow(message);
});
