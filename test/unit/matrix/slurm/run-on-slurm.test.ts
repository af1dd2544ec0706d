// What becomes of a job that cannot be followed to its end.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import type { Progress } from "../../../../src/core/progress.ts";
import { TsmachineError } from "../../../../src/errors/tsmachine-error.ts";
import { runOnSlurm } from "../../../../src/matrix/slurm/run-on-slurm.ts";
import { shellCell } from "../../../support/matrix/matrix-world.ts";
import { type FakeSlurm, fakeSlurm } from "../../../support/slurm/fake-slurm.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";
import { type CoreWorld, coreWorld } from "../../../support/worlds/core-world.ts";

let world: CoreWorld;
let slurm: FakeSlurm;
let directory: string;
beforeEach(async () => {
  world = await coreWorld();
  slurm = await fakeSlurm();
  directory = await temporaryDirectory();
});

/** A run of one cell; the action is what happens when its task's result is to be shown. */
function runUntil(action: () => void) {
  const progress: Progress = {
    step: (_, work) =>
      work({ ...progress, detail: () => {}, bytes: () => {}, conclude: () => action() }),
  };
  const cell = shellCell("any", "true", { axes: { kernel: "6.1", engine: "26.1" } });
  return runOnSlurm(
    { ...world.context, progress },
    { name: "sample", kernels: {}, engines: {}, cells: [cell] },
    {
      ...{ environment: slurm.environment, platform: "linux", tsmachineVersion: "1.2.3" },
      ...{ taskCount: 1, jobs: 1, failsFast: false, directory, sbatchOptions: [] },
      command: { before: ["tsmachine"], after: [] },
    },
  );
}

/** The job's folder. */
const folder = async () => join(directory, (await readdir(directory))[0] ?? "none");

const goesOn = async () => [
  "see with `squeue --jobs=17` whether Slurm's job 17 goes on, or cancel it with `scancel 17`",
  `once it has ended, make the report of what the tasks have left with \`tsmachine matrix merge '${await folder()}'/*.json\``,
];

test("a failure of ours leaves it alone, and hints say what may become of it", async () => {
  const failure = await runUntil(() => {
    throw new TsmachineError("SLURM_FAILED", "no controller", { hints: ["wait"] });
  }).catch((error: unknown) => error);
  expect(failure).toMatchObject({ message: "no controller", hints: ["wait", ...(await goesOn())] });
  expect(await slurm.calls("scancel")).toEqual([]);
  expect(await readdir(await folder())).toContain("1.json");
});

test("so does a bug, with a warning in the place of hints", async () => {
  const bug = new Error("bug");
  const failing = runUntil(() => {
    throw bug;
  });
  await expect(failing).rejects.toBe(bug);
  const [seen, merge] = await goesOn();
  expect(world.warnings).toEqual([`Slurm's job 17 is followed no more: ${seen}; ${merge}`]);
  expect(await slurm.calls("scancel")).toEqual([]);
});

test("an interrupt cancels it, and nothing stays", async () => {
  const reason = new Error("interrupted");
  const interrupted = runUntil(() => {
    world.abort(reason);
    throw reason;
  });
  await expect(interrupted).rejects.toBe(reason);
  expect(await slurm.calls("scancel")).toEqual(["--quiet 17"]);
  expect(await readdir(directory)).toEqual([]);
});
