// What Slurm is asked to run, in a shell that does it.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { run } from "../../../../src/host/processes/run.ts";
import { sbatchArguments } from "../../../../src/matrix/slurm/sbatch-arguments.ts";
import { taskScript } from "../../../../src/matrix/slurm/task-script.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

test("a task's words come through the shell as they are, with its number", async () => {
  const folder = await temporaryDirectory();
  const directory = join(folder, "it's $HOME");
  await mkdir(directory);
  const script = join(folder, "task.sh");
  const word = fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0"));
  const after = fc.sample(word, 200);
  const before = ["printf", "%s\\0"] as const;
  await writeFile(script, taskScript({ before, after }, { directory, taskCount: 5 }));
  const { stdout } = await run("sh", [script], { environment: { SLURM_ARRAY_TASK_ID: "3" } });
  expect(stdout.split("\0").slice(0, -1)).toEqual([
    ...["--shard=3/5", `--json=${directory}/3.json`],
    ...after,
  ]);
  expect(await readFile(script, "utf8")).toMatch(/^#!\/bin\/sh\n.*\nexec /);
});

test("sbatch gets what a task needs, and the user's words after it", () => {
  const words = sbatchArguments({
    ...{ name: "tsmachine-app-x", directory: "/shared/100%a", taskCount: 3 },
    ...{ memoryMiB: 2208, cpuCount: 2, options: ["--mem=0"], script: "/shared/100%a/task.sh" },
  });
  expect(words).toEqual([
    ...["--parsable", "--job-name=tsmachine-app-x", "--array=1-3", "--nodes=1", "--ntasks=1"],
    ...["--cpus-per-task=2", "--mem=2208M", "--output=/shared/100%%a/%a.out", "--mem=0"],
    "/shared/100%a/task.sh",
  ]);
});
