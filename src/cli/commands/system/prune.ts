import { Command } from "commander";
import { findPrunable, type PruneReport, pruneStore } from "../../../core/prune/prune-store.ts";
import { type Garbage, garbageKinds } from "../../../iso/garbage/garbage.ts";
import type { Cli, CommandFactory } from "../../cli.ts";
import { printJson } from "../../output/output.ts";
import { printTable } from "../../output/table.ts";
import { formatBytes } from "../../tasks/amounts.ts";

interface PruneFlags {
  readonly all?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export const pruneCommand: CommandFactory = (cli) => {
  const command = new Command()
    .description(
      "Remove from the store what no machine uses. All of it can be fetched or built again, except inputs: files of yours that no image is made of any more.",
    )
    .option("-a, --all", "also remove the images that the next plain `create` would use")
    .option("--dry-run", "say what would be removed, and remove nothing")
    .option("--json", "print JSON");
  return command.action(() => prune(cli, command.opts<PruneFlags>()));
};

async function prune(cli: Cli, { all, dryRun, json }: PruneFlags): Promise<void> {
  const request = { extent: all ? "everything" : "unused" } as const;
  const report = dryRun
    ? await cli.withContext((context) => findPrunable(context, request), { progress: "silent" })
    : await cli.withContext((context) => pruneStore(context, request));
  const { garbage, reservations } = report;
  if (json) {
    const totalBytes = sizeOf(garbage);
    printJson(cli.output, { dryRun: dryRun === true, totalBytes, removed: garbage, reservations });
    return;
  }
  await printSums(cli, garbage, dryRun ? "would free" : "freed");
  printReservations(cli, report);
}

function printSums({ output }: Cli, garbage: readonly Garbage[], verb: string): Promise<void> {
  const sums = garbageKinds
    .map((kind) => ({ kind, items: garbage.filter((item) => item.kind === kind) }))
    .filter(({ items }) => items.length > 0);
  return printTable(
    output,
    [
      { header: "kind", cell: ({ kind }) => kind },
      { header: "count", cell: ({ items }) => String(items.length) },
      { header: verb, cell: ({ items }) => formatBytes(sizeOf(items)) },
    ],
    [...sums, { kind: "total", items: garbage }],
  );
}

function printReservations({ output, programName }: Cli, { reservations }: PruneReport): void {
  for (const { reason, hints } of reservations) {
    output.stderr.write(`${programName}: note: ${reason}\n`);
    for (const hint of hints) output.stderr.write(`${programName}: hint: ${hint}\n`);
  }
}

function sizeOf(garbage: readonly Garbage[]): number {
  return garbage.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
}
