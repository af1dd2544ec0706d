import { Command } from "commander";
import { startMachine } from "../../../core/machine/power.ts";
import { type UpgradeReport, upgradeMachine } from "../../../core/machine/upgrade/upgrade.ts";
import type { Cli, CommandFactory } from "../../cli.ts";
import {
  addEngineImageFlags,
  addSourceFlags,
  type EngineImageFlags,
  parseEngineImageFlags,
  type SourceFlags,
} from "../../flags/image-flags.ts";
import { printJson } from "../../output/output.ts";
import { bootLimits } from "../boot-limits.ts";
import { forEachMachine, machineNames } from "../names.ts";

interface UpgradeFlags extends EngineImageFlags, SourceFlags {
  readonly json?: boolean;
}

export const upgradeCommand: CommandFactory = (cli) => {
  const command = new Command()
    .description("Give machines the newest engine; one that does not answer is taken back.")
    .argument("[names...]", 'the machines; "default" when none is named')
    .option("--json", "print JSON");
  addSourceFlags(addEngineImageFlags(command));
  return command.action((names: string[]) => upgrade(cli, names, command.opts<UpgradeFlags>()));
};

async function upgrade(cli: Cli, given: readonly string[], flags: UpgradeFlags): Promise<void> {
  const engine = parseEngineImageFlags(flags);
  const request = { engine, ...bootLimits(cli.environment) };
  const reports: UpgradeReport[] = [];
  try {
    await cli.withContext(async (context) => {
      await forEachMachine(await machineNames(context, given), async (name) => {
        reports.push(await upgradeMachine(context, name, request));
        // docker-machine's has started what it upgrades, and leaves it running.
        if (cli.programName === "docker-machine") await startMachine(context, name, request);
      });
    }, flags);
  } catch (error) {
    if (reports.length > 0) print(cli, reports, flags);
    throw error;
  }
  print(cli, reports, flags);
}

function print({ output }: Cli, reports: UpgradeReport[], { json }: UpgradeFlags): void {
  reports.sort((a, b) => (a.name < b.name ? -1 : 1));
  if (json) printJson(output, reports);
  else for (const report of reports) output.stdout.write(`${sentenceOf(report)}\n`);
}

function sentenceOf({ name, outcome, from, to }: UpgradeReport): string {
  if (outcome === "unchanged") return `Machine "${name}" is already up to date: engine ${from}.`;
  return from === to
    ? `Machine "${name}" was upgraded to the newest packages of engine ${to}.`
    : `Machine "${name}" was upgraded from engine ${from} to ${to}.`;
}
