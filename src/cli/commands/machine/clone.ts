import { Command } from "commander";
import { cloneMachine } from "../../../core/copies/clone-machine.ts";
import type { CommandFactory } from "../../cli.ts";
import { printJson } from "../../output/output.ts";

export const cloneCommand: CommandFactory = (cli) => {
  const command = new Command()
    .description(
      "Make a copy of a machine that is off, with an identity of its own: keys, certificates, ids and ports. Snapshots are not copied.",
    )
    .argument("<name>", "the machine, which stays as it is")
    .argument("<new-name>", "the copy's name")
    .option("--json", "print JSON");
  return command.action((source: string, name: string) =>
    cli.withContext(async (context) => {
      await cloneMachine(context, { source, name });
      if (command.opts<{ json?: boolean }>().json) {
        printJson(cli.output, { name, source, outcome: "cloned" });
        return;
      }
      cli.output.stdout.write(
        `Machine "${name}" was cloned from "${source}". To start it, run: ${cli.programName} start ${name}\n`,
      );
    }),
  );
};
