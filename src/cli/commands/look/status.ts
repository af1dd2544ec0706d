import { Command } from "commander";
import { readStatus } from "../../../core/machine/look.ts";
import { openMachine } from "../../../core/machine/open-machine.ts";
import type { CommandFactory } from "../../cli.ts";
import { printJson } from "../../output/output.ts";
import { defaultName } from "../names.ts";

export const statusCommand: CommandFactory = (cli) => {
  const command = new Command()
    .description("Print a machine's state.")
    .argument("[name]", "the machine", defaultName)
    .option("--json", "print JSON");
  return command.action((name: string) =>
    cli.withContext(
      async (context) => {
        const report = await readStatus(context, await openMachine(context, name));
        if (command.opts<{ json?: boolean }>().json) printJson(cli.output, { name, ...report });
        else cli.output.stdout.write(`${report.status}\n`);
      },
      { progress: "silent" },
    ),
  );
};
