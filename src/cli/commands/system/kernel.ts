import { Command } from "commander";
import type { ListedOffers } from "../../../core/offers/list-offers.ts";
import type { Cli, CommandFactory } from "../../cli.ts";
import { printJson } from "../../output/output.ts";
import { printTable } from "../../output/table.ts";
import { formatBytes } from "../../tasks/amounts.ts";
import { kernelCheckCommand } from "./kernel-check.ts";
import { addOfferFlags, type OfferFlags, printNotes, readOffers } from "./offer-flags.ts";

interface ListFlags extends OfferFlags {
  readonly newest?: boolean;
  readonly json?: boolean;
}

export const kernelCommand: CommandFactory = async (cli) => {
  const command = new Command().description(
    "List the kernels that machines can have, and check what one can do.",
  );
  const list = addOfferFlags(command.command("ls"))
    .description("List the whole kernels that Debian's suites offer, newest first.")
    .option("--newest", "only the newest of each series and flavour")
    .option("--json", "print JSON")
    .action(() => listKernels(cli, list.opts<ListFlags>()));
  command.addCommand(await kernelCheckCommand(cli));
  return command;
};

async function listKernels(cli: Cli, flags: ListFlags): Promise<void> {
  const { kernels, notes } = await readOffers(cli, flags);
  const shown = flags.newest ? newestOf(kernels) : kernels;
  if (flags.json) printJson(cli.output, shown);
  else
    await printTable(
      cli.output,
      [
        { header: "series", cell: ({ series }) => series },
        { header: "version", cell: ({ version }) => version },
        { header: "flavour", cell: ({ flavour }) => flavour },
        { header: "suite", cell: ({ suite }) => suite },
        { header: "size", cell: ({ sizeBytes }) => formatBytes(sizeBytes) },
        { header: "cached", cell: ({ isCached }) => (isCached ? "yes" : "no") },
        { header: "release", cell: ({ release }) => release },
      ],
      shown,
    );
  printNotes(cli, notes);
}

type Kernels = ListedOffers["kernels"];

function newestOf(kernels: Kernels): Kernels {
  const seen = new Set<string>();
  return kernels.filter(({ series, flavour }) => {
    const isFirst = !seen.has(`${series}-${flavour}`);
    seen.add(`${series}-${flavour}`);
    return isFirst;
  });
}
