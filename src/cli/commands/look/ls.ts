import { Command } from "commander";
import { listMachines, type MachineRow } from "../../../core/machine/look.ts";
import type { Cli, CommandFactory } from "../../cli.ts";
import { printJson } from "../../output/output.ts";
import { type Column, printTable } from "../../output/table.ts";
import { secondsToMs } from "../seconds.ts";

interface LsFlags {
  readonly quiet?: boolean;
  readonly timeout: string;
  readonly json?: boolean;
}

export const lsCommand: CommandFactory = (cli) => {
  const command = new Command()
    .description("List machines with their state, all asked at once.")
    .option("-q, --quiet", "print only names")
    .option("-t, --timeout <SECONDS>", "limit for each machine", "10")
    .option("--json", "print JSON");
  return command.action(() => list(cli, command.opts<LsFlags>()));
};

async function list(cli: Cli, { quiet, timeout, json }: LsFlags): Promise<void> {
  const timeoutMs = secondsToMs(timeout, "--timeout");
  const { output, environment } = cli;
  await cli.withContext(
    async (context) => {
      const names = naturallySorted(await context.store.listMachineNames());
      if (quiet && json) {
        printJson(output, names);
        return;
      }
      if (quiet) {
        for (const name of names) output.stdout.write(`${name}\n`);
        return;
      }
      const rows = await listMachines(context, names, { timeoutMs });
      const isActive = (row: MachineRow) => row.url !== "" && row.url === environment.DOCKER_HOST;
      if (json)
        printJson(
          output,
          rows.map((row) => ({ ...row, active: isActive(row) })),
        );
      else await printTable(output, columns(isActive), rows);
    },
    { progress: "silent" },
  );
}

function columns(isActive: (row: MachineRow) => boolean): Column<MachineRow>[] {
  return [
    { header: "name", cell: ({ name }) => name },
    { header: "active", cell: (row) => (isActive(row) ? "*" : "-") },
    { header: "driver", cell: ({ provider }) => provider },
    { header: "state", cell: ({ status }) => status },
    { header: "url", cell: ({ url }) => url },
    { header: "swarm", cell: () => "" },
    { header: "docker", cell: ({ engineVersion }) => engineVersion },
    { header: "errors", cell: ({ error }) => error },
  ];
}

/** node2 before node10. */
function naturallySorted(names: readonly string[]): string[] {
  const { compare } = new Intl.Collator("en", { numeric: true });
  return [...names].sort(compare);
}
