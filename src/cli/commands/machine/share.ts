import { Command } from "commander";
import {
  addShares,
  listShares,
  removeShares,
  type ShareReport,
} from "../../../core/sharing/change-shares.ts";
import type { SharedFolder } from "../../../providers/provider.ts";
import type { Cli, CommandFactory } from "../../cli.ts";
import { parseShares } from "../../flags/share-flag.ts";
import { printJson } from "../../output/output.ts";
import { type Column, printTable } from "../../output/table.ts";
import { machineName } from "../names.ts";

export const shareCommand: CommandFactory = (cli) =>
  new Command()
    .description("Give a machine folders of this host, and take them back.")
    .addCommand(addCommand(cli))
    .addCommand(listCommand(cli))
    .addCommand(removeCommand(cli));

function addCommand(cli: Cli): Command {
  const command = new Command("add")
    .description("Share folders with a machine, from its next start on.")
    .argument("<name>", "the machine")
    .argument("<folders...>", "FOLDER[:GUEST][:ro], with its place in the guest if that is another")
    .option("--json", "print JSON");
  return command.action((given: string, texts: string[]) => {
    const folders = parseShares(texts, cli);
    return cli.withContext(async (context) => {
      const name = await machineName(context, given);
      tell(cli, command, await addShares(context, name, folders));
    });
  });
}

function removeCommand(cli: Cli): Command {
  const command = new Command("rm")
    .description(
      "Share folders no longer, from the machine's next start on; nothing in them changes.",
    )
    .argument("<name>", "the machine")
    .argument("<folders...>", "their places in the guest, or their paths on this host")
    .option("--json", "print JSON");
  return command.action((given: string, words: string[]) =>
    cli.withContext(async (context) => {
      const name = await machineName(context, given);
      tell(cli, command, await removeShares(context, name, words));
    }),
  );
}

function listCommand(cli: Cli): Command {
  const command = new Command("ls")
    .description("List the folders of this host that a machine has.")
    .argument("[name]", 'the machine; "default" when none is named')
    .option("--json", "print JSON");
  return command.action((given: string | undefined) =>
    cli.withContext(
      async (context) => {
        const folders = await listShares(context, await machineName(context, given));
        if (command.opts<{ json?: boolean }>().json) printJson(cli.output, folders);
        else await printTable(cli.output, columns, folders);
      },
      { progress: "silent" },
    ),
  );
}

const columns: readonly Column<SharedFolder>[] = [
  { header: "host", cell: ({ path }) => path },
  { header: "guest", cell: ({ mountPoint }) => mountPoint },
  { header: "access", cell: ({ isReadOnly }) => (isReadOnly ? "read-only" : "read-write") },
];

function tell(cli: Cli, command: Command, report: ShareReport): void {
  if (command.opts<{ json?: boolean }>().json) {
    printJson(cli.output, report);
    return;
  }
  const { name, folders, needsRestart } = report;
  const count = `${folders.length} shared folder${folders.length === 1 ? "" : "s"}`;
  const when = needsRestart
    ? `, once it was restarted: ${cli.callByName(`tsmachine restart ${name}`)}`
    : "";
  cli.output.stdout.write(`Machine "${name}" has ${count}${when}\n`);
}
