// What becomes of a job's files once its tasks have ended.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { matrixCommand } from "../../../../../src/cli/commands/matrix/matrix.ts";
import { type FakePrograms, fakeSlurm } from "../../../../support/slurm/fake-slurm.ts";
import { temporaryDirectory } from "../../../../support/temporary-directory.ts";
import { runCommand } from "../../../../support/worlds/cli-world.ts";
import { type CoreWorld, coreWorld } from "../../../../support/worlds/core-world.ts";

let world: CoreWorld;
let shared: string;
beforeEach(async () => {
  world = await coreWorld();
  shared = await temporaryDirectory();
});

async function run(report: string, programs?: FakePrograms) {
  const { environment } = await fakeSlurm(programs);
  const flags = ["--kernel", "6.1", "--engine", "26.1", "--slurm-directory", shared];
  const args = ["run", "--executor", "slurm", ...flags, "--json", report, "--", "true"];
  return runCommand(world, matrixCommand, args, { environment });
}

test("the tasks' reports go once the run's is written", async () => {
  const folder = await temporaryDirectory();
  const { exitStatus, stdout } = await run(join(folder, "out.json"));
  expect({ exitStatus, stdout }).toMatchObject({ exitStatus: 0 });
  expect(stdout).toContain("1 pass");
  expect(await readdir(folder)).toEqual(["out.json"]);
  expect(await readdir(shared)).toEqual([]);
});

test("the tasks' reports stay where the run's cannot be written, and a hint says what to do with them", async () => {
  const report = join(await temporaryDirectory(), "out.json");
  const takesPlace = `mkdir '${report}'; echo '1|COMPLETED|None|0|'`;
  const failure = await run(report, { squeue: takesPlace }).catch((error: unknown) => error);
  const [left = ""] = await readdir(shared);
  expect(failure).toMatchObject({
    code: "FILE_UNREADABLE",
    message: expect.stringContaining(`--json ${report} cannot be written`),
    hints: [
      expect.anything(),
      expect.stringContaining(`\`tsmachine matrix merge '${join(shared, left)}'/*.json\``),
    ],
  });
  expect(await readdir(join(shared, left))).toContain("1.json");
});
