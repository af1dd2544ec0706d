import { Command } from "commander";
import type { CommandFactory } from "../../cli.ts";
import { printJson } from "../../output/output.ts";
import { printTable } from "../../output/table.ts";
import { formatBytes } from "../../tasks/amounts.ts";
import { addOfferFlags, type OfferFlags, printNotes, readOffers } from "./offer-flags.ts";

export const engineCommand: CommandFactory = (cli) => {
  const { output } = cli;
  const command = new Command().description("List the engines that machines can have.");
  const list = addOfferFlags(command.command("ls"))
    .description("List the engines that Debian's suites offer, newest first.")
    .option("--json", "print JSON")
    .action(async () => {
      const flags = list.opts<OfferFlags & { json?: boolean }>();
      const { engines, notes } = await readOffers(cli, flags);
      if (flags.json) printJson(output, engines);
      else
        await printTable(
          output,
          [
            { header: "series", cell: ({ series }) => series },
            { header: "version", cell: ({ version }) => version },
            { header: "suite", cell: ({ suite }) => suite },
            { header: "size", cell: ({ sizeBytes }) => formatBytes(sizeBytes) },
            { header: "cached", cell: ({ isCached }) => (isCached ? "yes" : "no") },
            { header: "package", cell: ({ packageVersion }) => packageVersion },
            { header: "containerd", cell: ({ containerdVersion }) => containerdVersion },
            { header: "runc", cell: ({ runcVersion }) => runcVersion },
          ],
          engines,
        );
      printNotes(cli, notes);
    });
  return command;
};
