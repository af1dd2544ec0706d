import { Command } from "commander";
import type { Context } from "../../../core/context.ts";
import {
  listSnapshots,
  removeSnapshot,
  restoreSnapshot,
  takeSnapshot,
} from "../../../core/machine/snapshots.ts";
import type { Cli, CommandFactory } from "../../cli.ts";
import { printJson } from "../../output/output.ts";
import { machineName } from "../names.ts";

export const snapshotCommand: CommandFactory = (cli) =>
  new Command()
    .description("Keep states of a machine, and go back to them.")
    .addCommand(
      changingCommand(cli, "create", {
        description: "Keep the machine's disk as it is, and its memory if it runs.",
        change: takeSnapshot,
        done: "taken",
      }),
    )
    .addCommand(listCommand(cli))
    .addCommand(
      changingCommand(cli, "restore", {
        description: "Make the machine what it was; what it has become since is lost.",
        change: restoreSnapshot,
        done: "restored",
      }),
    )
    .addCommand(
      changingCommand(cli, "rm", {
        description: "Remove a snapshot; the machine stays as it is.",
        change: removeSnapshot,
        done: "removed",
      }),
    );

interface Change {
  readonly description: string;
  readonly change: (context: Context, name: string, label: string) => Promise<void>;
  /** "taken", in `Snapshot "a" of machine "x" was taken.` */
  readonly done: string;
}

function changingCommand(cli: Cli, verb: string, { description, change, done }: Change): Command {
  const command = new Command(verb)
    .description(description)
    .argument("<name>", "the machine")
    .argument("<label>", "the snapshot")
    .option("--json", "print JSON");
  return command.action((given: string, label: string) =>
    cli.withContext(async (context) => {
      const name = await machineName(context, given);
      await change(context, name, label);
      if (command.opts<{ json?: boolean }>().json) {
        printJson(cli.output, { name, label, outcome: done });
        return;
      }
      cli.output.stdout.write(`Snapshot "${label}" of machine "${name}" was ${done}.\n`);
    }),
  );
}

function listCommand(cli: Cli): Command {
  const command = new Command("ls")
    .description("List the snapshots of a machine, oldest first.")
    .argument("[name]", 'the machine; "default" when none is named')
    .option("--json", "print JSON");
  return command.action((given: string | undefined) =>
    cli.withContext(
      async (context) => {
        const labels = await listSnapshots(context, await machineName(context, given));
        if (command.opts<{ json?: boolean }>().json) printJson(cli.output, labels);
        else for (const label of labels) cli.output.stdout.write(`${label}\n`);
      },
      { progress: "silent" },
    ),
  );
}
