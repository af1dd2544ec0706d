import { Command } from "commander";
import { readStatus } from "../../../core/machine/look.ts";
import { openMachine } from "../../../core/machine/open-machine.ts";
import type { CommandFactory } from "../../cli.ts";
import { printJson } from "../../output/output.ts";
import { machineName } from "../names.ts";

export const statusCommand: CommandFactory = (cli) => {
  const command = new Command()
    .description("Print a machine's state.")
    .argument("[name]", 'the machine; "default" when none is named')
    .option("--json", "print JSON");
  return command.action((given: string | undefined) =>
    cli.withContext(
      async (context) => {
        const name = await machineName(context, given);
        const report = await readStatus(context, await openMachine(context, name));
        if (command.opts<{ json?: boolean }>().json) printJson(cli.output, { name, ...report });
        else cli.output.stdout.write(`${report.status}\n`);
      },
      { progress: "silent" },
    ),
  );
};
