import { Command } from "commander";
import type { Cli, CommandFactory } from "../../cli.ts";
import { printJson } from "../../output/output.ts";
import { forEachMachine, machineNames } from "../names.ts";
import { readRunningMachine } from "./running-machine.ts";

export const ipCommand: CommandFactory = (cli) => {
  const command = new Command()
    .description("Print the address at which machines are reached.")
    .argument("[names...]", 'the machines; "default" when none is named')
    .option("--json", "print JSON");
  return command.action((given: string[]) =>
    printAddresses(cli, given, command.opts<{ json?: boolean }>()),
  );
};

/** Those of the machines that run, also when others do not. */
async function printAddresses(
  cli: Cli,
  given: readonly string[],
  { json = false }: { readonly json?: boolean },
): Promise<void> {
  const names = await cli.withContext((context) => machineNames(context, given), {
    progress: "silent",
  });
  const addresses = new Map<string, string>();
  const print = () => {
    const rows = names.flatMap((name) => {
      const address = addresses.get(name);
      return address === undefined ? [] : [{ name, address }];
    });
    if (json) printJson(cli.output, rows);
    else for (const { address } of rows) cli.output.stdout.write(`${address}\n`);
  };
  try {
    await forEachMachine(names, async (name) => {
      const question = { asked: "provider", failure: "Error getting IP address" } as const;
      addresses.set(name, (await readRunningMachine(cli, name, question)).address);
    });
  } catch (error) {
    if (addresses.size > 0) print();
    throw error;
  }
  print();
}
