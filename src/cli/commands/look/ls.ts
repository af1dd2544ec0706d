import { Command } from "commander";
import type { Context } from "../../../core/context.ts";
import {
  type ListRequest,
  listMachines,
  listNames,
  type MachineRow,
} from "../../../core/look/list-machines.ts";
import type { Cli, CommandFactory } from "../../cli.ts";
import { collect } from "../../flags/flag-value.ts";
import { printJson } from "../../output/output.ts";
import { type Column, printTable } from "../../output/table.ts";
import { secondsToMs } from "../seconds.ts";
import { activityOf, describeActivity } from "./activity.ts";
import { parseFilters } from "./parse-filters.ts";

interface LsFlags {
  readonly quiet?: boolean;
  readonly filter: readonly string[];
  readonly timeout: string;
  readonly format?: string;
  readonly json?: boolean;
}

export const lsCommand: CommandFactory = (cli) => {
  const command = new Command()
    .description("List machines with their state, all asked at once.")
    .option("-q, --quiet", "print only names")
    .option(
      "--filter <FILTER>",
      "only machines with this name=REGEX, driver=, state=, swarm=MASTER or label=KEY[=VALUE]; repeatable",
      collect,
      [],
    )
    .option("-t, --timeout <SECONDS>", "limit for each machine", "10")
    .option("-f, --format <TEMPLATE>", "Go template for each machine, or `table TEMPLATE`")
    .option("--json", "print JSON");
  return command.action(() => {
    const flags = command.opts<LsFlags>();
    const timeoutMs = secondsToMs(flags.timeout, "--timeout");
    const request = { filters: parseFilters(flags.filter), timeoutMs };
    return cli.withContext(
      (context) =>
        flags.quiet
          ? printNames(cli, context, { ...request, isJson: flags.json === true })
          : printRows(cli, context, { ...request, flags }),
      { progress: "silent" },
    );
  });
};

type Request = Omit<ListRequest, "wanted">;

async function printNames(
  { output }: Cli,
  context: Context,
  { isJson, ...request }: Request & { readonly isJson: boolean },
): Promise<void> {
  const names = await listNames(context, request);
  if (isJson) printJson(output, names);
  else for (const name of names) output.stdout.write(`${name}\n`);
}

async function printRows(
  cli: Cli,
  context: Context,
  { flags, ...request }: Request & { readonly flags: LsFlags },
): Promise<void> {
  const { output, environment } = cli;
  // Loaded here because the plain table needs no templates.
  const formats = flags.format ? await import("./ls-format.ts") : undefined;
  const format = formats?.parseLsFormat(flags.format ?? "");
  const found = await listMachines(context, { ...request, wanted: "status and engine" });
  const rows = found.map((row) => ({ ...row, error: errorOf(cli, row) }));
  const { DOCKER_HOST: dockerHost } = environment;
  if (flags.json) {
    printJson(
      output,
      rows.map((row) => jsonOf(row, dockerHost)),
    );
  } else if (formats !== undefined && format !== undefined) {
    output.stdout.write(await formats.formatRows(format, rows, dockerHost));
  } else await printTable(output, columns(dockerHost), rows);
}

/** Of a machine that runs, the error is what its engine was asked in vain; docker-machine said so first. */
function errorOf({ programName, callByName }: Cli, { status, engineVersion, error }: MachineRow) {
  const isOfEngine = status === "Running" && engineVersion === "Unknown" && error !== "";
  const before = isOfEngine && programName === "docker-machine" ? unknownVersion : "";
  return `${before}${callByName(error)}`;
}

const unknownVersion = "Unable to query docker version: ";

function jsonOf({ record, ...row }: MachineRow, dockerHost: string | undefined) {
  const { host, swarm } = activityOf({ ...row, ...(record && { record }) }, dockerHost);
  return { ...row, active: host || swarm };
}

function columns(dockerHost: string | undefined): Column<MachineRow>[] {
  return [
    { header: "name", cell: ({ name }) => name },
    { header: "active", cell: (row) => describeActivity(activityOf(row, dockerHost)) },
    { header: "driver", cell: ({ driver }) => driver },
    { header: "state", cell: ({ status }) => status },
    { header: "url", cell: ({ url }) => url },
    { header: "swarm", cell: ({ swarm }) => swarm },
    { header: "docker", cell: ({ engineVersion }) => engineVersion },
    { header: "errors", cell: ({ error }) => error },
  ];
}
