import { Command } from "commander";
import { listPorts, type PortRow } from "../../../core/agent/list-ports.ts";
import { urlHost } from "../../../host/url-host.ts";
import type { Cli, CommandFactory } from "../../cli.ts";
import { printJson } from "../../output/output.ts";
import { type Column, printTable } from "../../output/table.ts";
import { machineName } from "../names.ts";

export const portsCommand: CommandFactory = (cli) => {
  const command = new Command()
    .description(
      "List the published ports of a machine's containers, and where this host reaches them.",
    )
    .argument("[name]", 'the machine; "default" when none is named')
    .option("--json", "print JSON");
  return command.action((given: string | undefined) =>
    cli.withContext(
      async (context) => {
        const rows = await listPorts(context, await machineName(context, given));
        if (command.opts<{ json?: boolean }>().json) printJson(cli.output, rows.map(jsonOf));
        else await printTable(cli.output, columnsFor(cli), rows);
      },
      { progress: "silent" },
    ),
  );
};

function columnsFor({ callByName }: Cli): Column<PortRow>[] {
  return [
    { header: "container", cell: ({ container }) => container },
    { header: "port", cell: portOf },
    { header: "host address", cell: addressOf },
    {
      header: "state",
      cell: ({ state, problem }) =>
        problem === undefined ? state : `${state}: ${callByName(problem)}`,
    },
  ];
}

function jsonOf(row: PortRow) {
  const { container, containerPort, forward, state, problem } = row;
  return {
    ...{ container, port: portOf(row), containerPort, protocol: forward.protocol },
    ...{ hostAddress: forward.hostAddress, hostPort: forward.hostPort, address: addressOf(row) },
    ...{ state, ...(problem !== undefined && { problem }) },
  };
}

/** As docker was asked: the container's port. */
function portOf({ containerPort, forward: { protocol } }: PortRow): string {
  return `${containerPort}/${protocol}`;
}

function addressOf({ forward: { hostAddress, hostPort } }: PortRow): string {
  return `${urlHost(hostAddress)}:${hostPort}`;
}
