import { cwd } from "node:process";
import { Command } from "commander";
import { type Bisection, bisectCells } from "../../../matrix/bisect/bisect-cells.ts";
import { checkFiles } from "../../../matrix/definition/needed-file.ts";
import { runMatrix } from "../../../matrix/run/run-matrix.ts";
import type { Cli, CommandFactory } from "../../cli.ts";
import { addSourceFlags, type SourceFlags } from "../../flags/image-flags.ts";
import { printJson } from "../../output/output.ts";
import { bootLimits } from "../boot-limits.ts";
import { candidatesOf } from "./bisect-candidates.ts";
import { addDefinitionFlags, type DefinitionFlags } from "./definition-flags.ts";
import { printTableOfResults } from "./print-results.ts";

interface BisectFlags extends DefinitionFlags, SourceFlags {
  readonly driver: string;
  readonly json?: boolean;
}

export const bisectCommand: CommandFactory = (cli) => {
  const command = addDefinitionFlags(new Command("bisect"))
    .description(
      "Find the first kernel or engine of a range with which a command fails, or from which on it works.",
    )
    .usage("--kernel <FROM..TO> [options] -- <command>")
    .argument("<command...>", "ends with status 0 where it works")
    .option("-d, --driver <PROVIDER>", "what the machines run on", "kvm")
    .option("--json", "print JSON");
  addSourceFlags(command);
  return command.action((words: string[]) => bisect(cli, words, command.opts<BisectFlags>()));
};

async function bisect(cli: Cli, words: readonly string[], flags: BisectFlags): Promise<void> {
  const found = await cli.withContext(async (context) => {
    const matrix = await candidatesOf(context, flags, { command: words, directory: cwd() });
    await checkFiles(matrix.files);
    return bisectCells(matrix.cells, async (cell) => {
      const report = await runMatrix(
        context,
        { ...matrix, cells: [cell] },
        {
          ...{ providerId: flags.driver, jobs: 1, ...bootLimits(cli.environment) },
          ...{ failsFast: false, keepsFailed: false, tsmachineVersion: cli.version },
          ...{ platform: cli.platform, environment: cli.environment },
        },
      );
      const [result] = report.results;
      if (result === undefined) throw new Error(`no result of ${cell.id}`);
      return result;
    });
  }, flags);
  if (flags.json) printJson(cli.output, found);
  else await printBisection(cli, found);
}

/** The results, and what they say of where the change is. */
async function printBisection(cli: Cli, { results, change }: Bisection): Promise<void> {
  await printTableOfResults(cli, results);
  const { stdout } = cli.output;
  if (change === undefined) {
    const works = results[0]?.outcome === "pass";
    stdout.write(`\nit ${works ? "works" : "fails"} at both ends: there is nothing to find\n`);
    return;
  }
  const { last, first, behaviour } = change;
  const failing = behaviour === "fails" ? first : last;
  stdout.write(`\nit ${behaviour} from ${first.cell} on; ${last.cell} is the last before\n`);
  stdout.write(`${failing.cell} fails by ${failing.outcome}: ${failing.reason}\n`);
}
