import { beforeEach, expect, test } from "vitest";
import { matrixCommand } from "../../../../../src/cli/commands/matrix/matrix.ts";
import { printResults } from "../../../../../src/cli/commands/matrix/print-results.ts";
import { sampleReport, sampleResult } from "../../../../support/matrix/sample-report.ts";
import { recordedParts } from "../../../../support/worlds/cli-parts.ts";
import { runCommand } from "../../../../support/worlds/cli-world.ts";
import { type CoreWorld, coreWorld } from "../../../../support/worlds/core-world.ts";

let world: CoreWorld;
beforeEach(async () => {
  world = await coreWorld();
});

const shell = (...args: string[]) => runCommand(world, matrixCommand, ["shell", ...args]);

test.each([
  [[], 'cell "6.1/26.1"'],
  [["smoke"], 'cell "6.1/26.1", workload "smoke",'],
  [["smoke", "--", "docker", "--version"], 'cell "6.1/26.1", workload "smoke",'],
  [["--", "docker", "info", "--format", "x"], 'cell "6.1/26.1"'],
])("after a cell there may be its workload, and a command: %j", async (words, named) => {
  await expect(shell("6.1/26.1", ...words)).rejects.toMatchObject({
    ...{ code: "MACHINE_NOT_FOUND", message: `no machine of ${named} was kept` },
  });
});

test("a command without -- is refused", async () => {
  await expect(shell("6.1/26.1", "docker", "info")).rejects.toMatchObject({
    ...{ code: "INVALID_INPUT", hints: ["give a command after `--`"] },
  });
});

test("the results name for each machine that is kept what opens its shell", async () => {
  const parts = recordedParts({});
  const results = ["a", "b"].map((workload) =>
    sampleResult({ workload, machine: `m-${workload}` }),
  );
  await printResults(parts, sampleReport(results));
  for (const workload of ["a", "b"]) {
    expect(parts.printed()).toContain(`tsmachine matrix shell 6.1/26.1 ${workload}\n`);
  }
});
