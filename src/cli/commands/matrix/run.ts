import { cwd } from "node:process";
import { Command } from "commander";
import type { Matrix } from "../../../matrix/definition/matrix.ts";
import { parseShard, shard } from "../../../matrix/plan/shard.ts";
import { exitStatusOf } from "../../../matrix/report/outcome.ts";
import type { Report } from "../../../matrix/report/report.ts";
import { runMatrix } from "../../../matrix/run/run-matrix.ts";
import type { Cli, CommandFactory } from "../../cli.ts";
import { addSourceFlags, type SourceFlags } from "../../flags/image-flags.ts";
import { withRunShown } from "../../matrix-grid/with-run-shown.ts";
import { bootLimits } from "../boot-limits.ts";
import { askDefaultEngine } from "./ask-default-engine.ts";
import { addDefinitionFlags, type DefinitionFlags, readDefinition } from "./definition-flags.ts";
import { addExecutorFlags, type ExecutorFlags, refuseUnfitting } from "./executor-flags.ts";
import { parseCount } from "./parse-count.ts";
import { addReportFlags, type ReportFlags, requireWritable } from "./report-flags.ts";
import { tellReport } from "./tell-report.ts";

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
      ? await (await import("./run-on-cluster.ts")).runOnCluster(cli, { words, flags, matrix })
      : await runHere(cli, { flags, matrix });
  cli.endWith(exitStatusOf(report.results.map(({ outcome }) => outcome)));
}

async function runHere(
  cli: Cli,
  { flags, matrix }: { readonly flags: RunFlags; readonly matrix: Matrix },
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
  await tellReport(cli, report, flags);
  return report;
}
