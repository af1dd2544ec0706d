import { resolve } from "node:path";
import { Command } from "commander";
import { exportMachine } from "../../../core/copies/export-machine.ts";
import type { Cli, CommandFactory } from "../../cli.ts";
import { printJson } from "../../output/output.ts";
import { formatBytes } from "../../tasks/amounts.ts";

interface ExportFlags {
  readonly force?: boolean;
  readonly json?: boolean;
}

export const exportCommand: CommandFactory = (cli) => {
  const command = new Command()
    .description(
      "Write a machine that is off to a file, for `import` elsewhere. The file has the machine's private keys: whoever has it has the machine.",
    )
    .argument("<name>", "the machine, which stays as it is")
    .argument("<file>", "the archive to write")
    .option("-f, --force", "overwrite the file")
    .option("--json", "print JSON");
  return command.action((name: string, file: string) =>
    write(cli, { name, path: resolve(file) }, command.opts<ExportFlags>()),
  );
};

async function write(
  cli: Cli,
  { name, path }: { readonly name: string; readonly path: string },
  { force, json }: ExportFlags,
): Promise<void> {
  const existing = force ? "replaced" : "kept";
  const { size, diskBytes } = await cli.withContext((context) =>
    exportMachine(context, { name, path, existing }),
  );
  if (json) printJson(cli.output, { name, file: path, size, diskBytes });
  else
    cli.output.stdout.write(`Machine "${name}" was exported to ${path} (${formatBytes(size)}).\n`);
}
