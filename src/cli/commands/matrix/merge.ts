import { Command } from "commander";
import { mergeReports } from "../../../matrix/compare/merge.ts";
import { exitStatusOf } from "../../../matrix/report/outcome.ts";
import { readReportFile } from "../../../matrix/report/read-report-file.ts";
import type { Cli, CommandFactory } from "../../cli.ts";
import { addReportFlags, type ReportFlags, requireWritable } from "./report-flags.ts";
import { tellReport } from "./tell-report.ts";

export const mergeCommand: CommandFactory = (cli) => {
  const command = new Command("merge")
    .description(
      "Make one report of those of several shards. The status is that of the gravest outcome, as after `matrix run`.",
    )
    .argument("<report.json...>", "reports that `matrix run --json` has written");
  addReportFlags(command);
  return command.action((paths: string[]) => merge(cli, paths, command.opts<ReportFlags>()));
};

async function merge(cli: Cli, paths: readonly string[], flags: ReportFlags): Promise<void> {
  const read = async (path: string) => ({ path, report: await readReportFile(path) });
  const [first, ...others] = await Promise.all(paths.map(read));
  if (first === undefined) throw new Error("commander wants one report at least");
  const report = mergeReports([first, ...others]);
  await requireWritable(flags);
  await tellReport(cli, report, flags);
  cli.endWith(exitStatusOf(report.results.map(({ outcome }) => outcome)));
}
