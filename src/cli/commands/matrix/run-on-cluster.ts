import { resolve } from "node:path";
import { argv, cwd, execPath } from "node:process";
import type { Context } from "../../../core/context.ts";
import { withHints } from "../../../errors/with-hints.ts";
import type { DefinedMatrix } from "../../../matrix/definition/spell-out.ts";
import type { Report } from "../../../matrix/report/report.ts";
import { mergeHint } from "../../../matrix/slurm/job-folder.ts";
import { runOnSlurm, type SlurmRun } from "../../../matrix/slurm/run-on-slurm.ts";
import type { Cli } from "../../cli.ts";
import type { ExecutorFlags } from "./executor-flags.ts";
import type { ReportFlags } from "./report-flags.ts";
import { type TaskFlags, taskCommand } from "./task-command.ts";
import { tellReport } from "./tell-report.ts";

interface Run {
  /** The definition, or the command. */
  readonly words: readonly string[];
  readonly flags: TaskFlags & ExecutorFlags & ReportFlags;
  readonly matrix: DefinedMatrix;
}

/**
 * Tries the cells as tasks of a Slurm job, and tells of them. What tasks have left goes once that is done: until then nothing
 * else has what hours have found.
 */
export async function runOnCluster(cli: Cli, run: Run): Promise<Report> {
  const { report, directory, dispose } = await cli.withContext(
    (context) => submitAndFollow(cli, context, run),
    run.flags,
  );
  try {
    await tellReport(cli, report, run.flags);
  } catch (error) {
    throw withHints(error, [mergeHint(directory)]);
  }
  await dispose();
  return report;
}

async function submitAndFollow(
  { environment, platform, globals, version }: Cli,
  context: Context,
  { words, flags, matrix }: Run,
): Promise<SlurmRun> {
  // Of a matrix by flags all tasks have the engine that this host has found.
  const engine = flags.kernel === undefined ? flags.engine : matrix.cells[0]?.axes.engine;
  const named = { ...flags, ...(flags.engine === undefined && engine !== undefined && { engine }) };
  return runOnSlurm(context, matrix, {
    ...{ environment, platform, tsmachineVersion: version },
    ...{ taskCount: flags.tasks, jobs: flags.jobs ?? 1, failsFast: flags.failFast === true },
    ...{ directory: flags.slurmDirectory ?? cwd(), sbatchOptions: flags.slurmOption },
    command: taskCommand(words, named, {
      program: [execPath, resolve(argv[1] ?? "")],
      ...{ storagePath: globals.storagePath, debug: globals.debug },
      definitionSha256: matrix.definitionSha256,
    }),
  });
}
