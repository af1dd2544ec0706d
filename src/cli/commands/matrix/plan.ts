import { cwd } from "node:process";
import { Command } from "commander";
import { githubPlan } from "../../../matrix/plan/github-plan.ts";
import { type PlanRow, planRows } from "../../../matrix/plan/plan-rows.ts";
import { parseShard } from "../../../matrix/plan/shard.ts";
import type { Cli, CommandFactory } from "../../cli.ts";
import { printJson } from "../../output/output.ts";
import { printTable } from "../../output/table.ts";
import { askDefaultEngine } from "./ask-default-engine.ts";
import { addDefinitionFlags, type DefinitionFlags, readDefinition } from "./definition-flags.ts";
import { parseCount } from "./parse-count.ts";

interface PlanFlags extends DefinitionFlags {
  readonly shards: number;
  readonly shard?: string;
  readonly github?: boolean;
  readonly json?: boolean;
}

export const planCommand: CommandFactory = (cli) => {
  const command = addDefinitionFlags(new Command("plan"))
    .description("List the cells of a matrix, in parts for the jobs of a CI; runs nothing.")
    .usage("[options] <matrix.yaml> | --kernel <LIST> [options] -- <command>")
    .argument("[words...]")
    .option("--shards <NUMBER>", "into how many parts", (text) => parseCount(text, "--shards"), 1)
    .option("--shard <PART>", 'only the cells of this part: "2/5"')
    .option("--github", "as GitHub Actions' strategy.matrix takes it by fromJSON")
    .option("--json", "print JSON");
  return command.action((words: string[]) => plan(cli, words, command.opts<PlanFlags>()));
};

async function plan(cli: Cli, words: readonly string[], flags: PlanFlags): Promise<void> {
  const defaultEngine = () => askDefaultEngine(cli, flags);
  const matrix = await readDefinition(words, flags, { directory: cwd(), defaultEngine });
  const choice = flags.shard === undefined ? undefined : parseShard(flags.shard);
  const count = choice?.count ?? flags.shards;
  if (flags.github) {
    const { include } = githubPlan(matrix, count);
    const isChosen = (index: number) => choice === undefined || choice.index === index + 1;
    printJson(cli.output, { include: include.filter((_, index) => isChosen(index)) });
    return;
  }
  const rows = planRows(matrix, count).filter(
    (row) => choice === undefined || row.shard === choice.index,
  );
  if (flags.json) printJson(cli.output, rows);
  else await printRows(cli, rows);
}

function printRows({ output }: Cli, rows: readonly PlanRow[]): Promise<void> {
  return printTable(
    output,
    [
      { header: "shard", cell: ({ shard }) => String(shard) },
      { header: "cell", cell: ({ cell }) => cell },
      { header: "workload", cell: ({ workload }) => workload },
      { header: "expected", cell: ({ expected }) => expected },
      { header: "reason", cell: ({ reason }) => reason },
    ],
    rows,
  );
}
