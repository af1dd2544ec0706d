import { Command } from "commander";
import { diffReports } from "../../../matrix/compare/diff.ts";
import { formatDiff } from "../../../matrix/compare/format-diff.ts";
import { readReportFile } from "../../../matrix/report/read-report-file.ts";
import type { Cli, CommandFactory } from "../../cli.ts";
import { printJson } from "../../output/output.ts";

/** As diff(1): 1 says that there is something. */
const regressedStatus = 1;

export const diffCommand: CommandFactory = (cli) => {
  const command = new Command("diff")
    .description(
      "Tell which cells of two reports differ: regressed, fixed, new, gone, changed. The status is 1 when one has regressed.",
    )
    .argument("<old.json>", "report that `matrix run --json` has written")
    .argument("<new.json>", "a later one")
    .option("--json", "print JSON");
  return command.action((before: string, after: string) =>
    diff(cli, { before, after, ...command.opts<{ json?: boolean }>() }),
  );
};

async function diff(
  cli: Cli,
  { before, after, json }: { before: string; after: string; json?: boolean },
): Promise<void> {
  const difference = diffReports(await readReportFile(before), await readReportFile(after));
  if (json) printJson(cli.output, difference);
  else cli.output.stdout.write(formatDiff(difference));
  if (difference.regressed.length > 0) cli.endWith(regressedStatus);
}
