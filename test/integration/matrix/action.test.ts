// The last step of action.yml as a runner of GitHub's would run it, with a program that notes how it was called.
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { run } from "../../../src/host/processes/run.ts";
import { projectFolder } from "../../support/project-files.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const actionSchema = z.strictObject({
  name: z.string(),
  description: z.string(),
  inputs: z.record(z.string(), z.object({ description: z.string(), default: z.string() })),
  runs: z.object({
    using: z.literal("composite"),
    steps: z.array(
      z.object({
        name: z.string(),
        shell: z.literal("bash"),
        run: z.string(),
        env: z.record(z.string(), z.string()).optional(),
      }),
    ),
  }),
});

let action: z.infer<typeof actionSchema>;
let folder: string;
beforeAll(async () => {
  action = actionSchema.parse(parse(await readFile(join(projectFolder, "action.yml"), "utf8")));
});
beforeEach(async () => {
  folder = await temporaryDirectory();
});

/** Runs the last step; the values are those of `with`. */
async function runMatrixStep(
  given: Readonly<Record<string, string>>,
  status: number,
  summary: "written" | "not written" = "written",
) {
  const step = action.runs.steps.at(-1);
  if (step === undefined) throw new Error("an action without steps");
  const program = join(folder, "tsmachine");
  const writing = summary === "written" ? 'echo summary >"$RUNNER_TEMP/matrix.md"' : ":";
  const script = `#!/bin/sh\nprintf '%s\\n' "$@"\n${writing}\nexit ${status}\n`;
  await writeFile(program, script);
  await chmod(program, 0o755);
  const inputs = Object.entries(action.inputs).map(([name, input]) => [name, input.default]);
  const values: Readonly<Record<string, string>> = { ...Object.fromEntries(inputs), ...given };
  const environment = Object.entries(step.env ?? {}).map(([name, text]) => [
    name,
    text
      .replace(/^\$\{\{ github\.action_path \}\}\/bin\/tsmachine$/, program)
      .replace(/\$\{\{ inputs\.(\w+) \}\}/g, (_, input: string) => values[input] ?? "undeclared"),
  ]);
  return run("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", step.run], {
    environment: {
      ...Object.fromEntries(environment),
      ...{ RUNNER_TEMP: folder, GITHUB_STEP_SUMMARY: join(folder, "summary") },
    },
    acceptExitCodes: "all",
  });
}

test("the definition is run, and the report is in the summary, also of a run that fails", async () => {
  const { stdout, exitCode } = await runMatrixStep({}, 12);
  expect(stdout.split("\n").slice(0, -1)).toEqual([
    ...["matrix", "run", "--json", "matrix.json", "--markdown", join(folder, "matrix.md")],
    "matrix.yaml",
  ]);
  expect(exitCode).toBe(12);
  expect(await readFile(join(folder, "summary"), "utf8")).toBe("summary\n");
});

test("a job's part, further reports and arguments are passed on", async () => {
  const given = {
    ...{ definition: "a b.yaml", shard: "2/5", report: "r.json", junit: "j.xml", html: "h.html" },
    arguments: "--jobs 2",
  };
  const { stdout, exitCode } = await runMatrixStep(given, 0);
  expect(stdout.split("\n").slice(6, -1)).toEqual([
    ...["--shard", "2/5", "--junit", "j.xml", "--html", "h.html", "--jobs", "2", "a b.yaml"],
  ]);
  expect(exitCode).toBe(0);
});

test("a run that ends before it has a report does not show that of an earlier one", async () => {
  await runMatrixStep({}, 0);
  await runMatrixStep({}, 1, "not written");
  expect(await readFile(join(folder, "summary"), "utf8")).toBe("summary\n");
});
