import { cwd } from "node:process";
import { Command } from "commander";
import type { Context } from "../../../core/context.ts";
import { listOffers } from "../../../core/offers/list-offers.ts";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { architectureSchema } from "../../../host/architecture.ts";
import { type Bisection, bisectMatrix } from "../../../matrix/bisect/bisect-matrix.ts";
import { parseRange, seriesWithin } from "../../../matrix/bisect/range.ts";
import { matrixFromFlags } from "../../../matrix/definition/from-flags.ts";
import { checkFiles } from "../../../matrix/definition/needed-file.ts";
import type { Cli, CommandFactory } from "../../cli.ts";
import { addSourceFlags, type SourceFlags } from "../../flags/image-flags.ts";
import { printJson } from "../../output/output.ts";
import { bootLimits } from "../boot-limits.ts";
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
    .usage("--kernel <FROM..TO> --engine <VERSION> [options] -- <command>")
    .argument("<command...>", "ends with status 0 where it works")
    .option("-d, --driver <PROVIDER>", "what the machines run on", "kvm")
    .option("--json", "print JSON");
  addSourceFlags(command);
  return command.action((words: string[]) => bisect(cli, words, command.opts<BisectFlags>()));
};

async function bisect(cli: Cli, words: readonly string[], flags: BisectFlags): Promise<void> {
  const found = await cli.withContext(async (context) => {
    const axes = await spelledOut(context, flags);
    const matrix = matrixFromFlags({ ...flags, ...axes, command: words }, { directory: cwd() });
    await checkFiles(matrix.files);
    return bisectMatrix(context, matrix, {
      ...{ providerId: flags.driver, jobs: 1, ...bootLimits(cli.environment) },
      ...{ failsFast: false, keepsFailed: false },
      ...{ platform: cli.platform, environment: cli.environment, tsmachineVersion: cli.version },
    });
  }, flags);
  if (flags.json) printJson(cli.output, found);
  else await printBisection(cli, found);
}

/** The one axis that is a range as a list of series; the other as it was given. */
async function spelledOut(context: Context, { kernel, engine, arch }: BisectFlags) {
  const isRange = (text: string | undefined) => text?.includes("..") === true;
  if (isRange(kernel) === isRange(engine)) {
    throw new TsmachineError("INVALID_INPUT", "exactly one of --kernel and --engine is a range", {
      hints: ["give a range and a version, as in --kernel 5.10..6.12 --engine 26.1"],
    });
  }
  const architecture = arch === undefined ? context.architecture : architectureSchema.parse(arch);
  const offers = await listOffers(context, architecture);
  const listed = (text: string, flag: string, series: readonly string[]) =>
    seriesWithin(parseRange(text, flag), series, flag).join(",");
  if (kernel !== undefined && isRange(kernel)) {
    const series = offers.kernels.filter(({ flavour }) => flavour === "cloud");
    return {
      kernel: listed(
        kernel,
        "--kernel",
        series.map((one) => one.series),
      ),
    };
  }
  const series = offers.engines.map((one) => one.series);
  return { engine: listed(engine ?? "", "--engine", series) };
}

async function printBisection(cli: Cli, { results, change }: Bisection): Promise<void> {
  await printTableOfResults(cli, results);
  const { stdout } = cli.output;
  if (change === undefined) {
    const works = results[0]?.outcome === "pass";
    stdout.write(`\nit ${works ? "works" : "fails"} at both ends: there is nothing to find\n`);
    return;
  }
  const { last, first, behaviour } = change;
  stdout.write(`\nit ${behaviour} from ${first.id} on; ${last.id} is the last before\n`);
}
