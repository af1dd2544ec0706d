import { Command } from "commander";
import type { CommandFactory } from "../../cli.ts";
import { printJson } from "../../output/output.ts";
import { machineNames } from "../names.ts";
import { readRunningMachine } from "./running-machine.ts";

export const ipCommand: CommandFactory = (cli) => {
  const command = new Command()
    .description("Print the address at which machines are reached.")
    .argument("[names...]", 'the machines; "default" when none is named')
    .option("--json", "print JSON");
  return command.action(async (given: string[]) => {
    const names = await cli.withContext((context) => machineNames(context, given), {
      progress: "silent",
    });
    const machines = await Promise.all(
      names.map((name) =>
        readRunningMachine(cli, name, { asked: "provider", failure: "Error getting IP address" }),
      ),
    );
    const rows = machines.map(({ record, address }) => ({ name: record.name, address }));
    if (command.opts<{ json?: boolean }>().json) printJson(cli.output, rows);
    else for (const { address } of rows) cli.output.stdout.write(`${address}\n`);
  });
};
