import { resolve } from "node:path";
import { argv, cwd, execPath } from "node:process";
import { Command } from "commander";
import type { Context } from "../../../core/context.ts";
import { withHints } from "../../../errors/with-hints.ts";
import type { DefinedMatrix } from "../../../matrix/definition/spell-out.ts";
import { parseShard, shard } from "../../../matrix/plan/shard.ts";
import { exitStatusOf } from "../../../matrix/report/outcome.ts";
import type { Report } from "../../../matrix/report/report.ts";
import { runMatrix } from "../../../matrix/run/run-matrix.ts";
import type { SlurmRun } from "../../../matrix/slurm/run-on-slurm.ts";
import type { Cli, CommandFactory } from "../../cli.ts";
import { addSourceFlags, type SourceFlags } from "../../flags/image-flags.ts";
import { withRunShown } from "../../matrix-grid/with-run-shown.ts";
import { bootLimits } from "../boot-limits.ts";
import { askDefaultEngine } from "./ask-default-engine.ts";
import { addDefinitionFlags, type DefinitionFlags, readDefinition } from "./definition-flags.ts";
import { addExecutorFlags, type ExecutorFlags, refuseUnfitting } from "./executor-flags.ts";
import { parseCount } from "./parse-count.ts";
import { printResults } from "./print-results.ts";
import { addReportFlags, type ReportFlags, requireWritable, writeReports } from "./report-flags.ts";
import { taskCommand } from "./task-command.ts";

interface RunFlags extends DefinitionFlags, ReportFlags, SourceFlags, ExecutorFlags {
  readonly driver: string;
  readonly jobs?: number;
  readonly shard?: string;
  readonly failFast?: boolean;
  readonly keepFailed?: boolean;
}

export const runCommand: CommandFactory = (cli) => {
  const command = addDefinitionFlags(new Command("run"))
    .description(
      "Try every cell of a matrix on a machine of its own. The status is 0 when all cells turn out as expected, else that of the gravest outcome; see docs/matrix.md.",
    )
    .usage("[options] <matrix.yaml> | --kernel <LIST> [options] -- <command>")
    .argument("[words...]")
    .option("-d, --driver <PROVIDER>", "what the machines run on", "kvm")
    .option(
      "-j, --jobs <NUMBER>",
      "cells at once; as many as this host's memory and processors bear unless given, or one in a Slurm task",
      (text) => parseCount(text, "--jobs"),
    )
    .option("--shard <PART>", 'only this part of the cells: "2/5"')
    .option("--fail-fast", "begin no further cell once one has not turned out as expected")
    .option("--keep-failed", "keep the machines of such cells, for `matrix shell`");
  addExecutorFlags(command);
  addReportFlags(command);
  addSourceFlags(command);
  return command.action((words: string[]) => run(cli, words, command.opts<RunFlags>()));
};

async function run(cli: Cli, words: readonly string[], flags: RunFlags): Promise<void> {
  refuseUnfitting(flags);
  const defaultEngine = () => askDefaultEngine(cli, flags);
  const whole = await readDefinition(words, flags, {
    ...{ directory: cwd(), defaultEngine, submittedSha256: flags.definitionSha256 },
  });
  const matrix = flags.shard === undefined ? whole : shard(whole, parseShard(flags.shard));
  await requireWritable(flags);
  const report =
    flags.executor === "slurm"
      ? await runOnCluster(cli, { words, flags, matrix })
      : await runHere(cli, { flags, matrix });
  cli.endWith(exitStatusOf(report.results.map(({ outcome }) => outcome)));
}

/** Prints and writes what was found. */
async function tell(cli: Cli, report: Report, flags: ReportFlags): Promise<void> {
  await printResults(cli, report);
  await writeReports(report, flags);
}

interface Run {
  readonly words: readonly string[];
  readonly flags: RunFlags;
  readonly matrix: DefinedMatrix;
}

async function runHere(
  cli: Cli,
  { flags, matrix }: Pick<Run, "flags" | "matrix">,
): Promise<Report> {
  const { environment, platform, version: tsmachineVersion } = cli;
  const report = await cli.withContext(
    (given) =>
      withRunShown(cli, { context: given, cells: matrix.cells }, ({ context, watch }) =>
        runMatrix(context, matrix, {
          ...{ providerId: flags.driver, jobs: flags.jobs, ...bootLimits(environment) },
          ...{ failsFast: flags.failFast === true, keepsFailed: flags.keepFailed === true },
          ...{ platform, environment, tsmachineVersion, watch },
        }),
      ),
    flags,
  );
  await tell(cli, report, flags);
  return report;
}

/** What tasks have left goes once the report is written: until then nothing else has what hours have found. */
async function runOnCluster(cli: Cli, run: Run): Promise<Report> {
  const { mergeHint } = await import("../../../matrix/slurm/job-folder.ts");
  const { report, directory, dispose } = await cli.withContext(
    (context) => submitAndFollow(cli, context, run),
    run.flags,
  );
  try {
    await tell(cli, report, run.flags);
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
  const { runOnSlurm } = await import("../../../matrix/slurm/run-on-slurm.ts");
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
