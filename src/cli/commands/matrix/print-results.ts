import { outcomes, outcomesByGravity } from "../../../matrix/report/outcome.ts";
import type { CellResult, Report } from "../../../matrix/report/report.ts";
import type { Cli } from "../../cli.ts";
import { printTable } from "../../output/table.ts";
import { formatDuration } from "../../tasks/amounts.ts";

/** The table of results, the sums, and how to look into what was kept. */
export async function printResults(cli: Pick<Cli, "output">, { results }: Report): Promise<void> {
  const { output } = cli;
  await printTableOfResults(cli, results);
  const sums = outcomesByGravity
    .map((outcome) => [outcome, results.filter((one) => one.outcome === outcome).length] as const)
    .filter(([, count]) => count > 0)
    .map(([outcome, count]) => `${count} ${outcome}`);
  output.stdout.write(`\n${sums.join(", ")}\n`);
  for (const { cell, workload, machine } of results) {
    if (machine !== undefined) {
      output.stdout.write(
        `${cell} ${workload} is kept as machine "${machine}": tsmachine matrix shell ${cell} ${workload}\n`,
      );
    }
  }
}

/** A line for each result. */
export function printTableOfResults(
  { output }: Pick<Cli, "output">,
  results: readonly CellResult[],
): Promise<void> {
  return printTable(
    output,
    [
      { header: "cell", cell: ({ cell }) => cell },
      { header: "workload", cell: ({ workload }) => workload },
      { header: "outcome", cell: outcomeText },
      { header: "kernel", cell: ({ kernelRelease }) => kernelRelease ?? "" },
      { header: "engine", cell: ({ engineVersion }) => engineVersion ?? "" },
      { header: "time", cell: ({ timings }) => formatDuration(timings.totalMs) },
      { header: "reason", cell: ({ reason }) => reason },
    ],
    results,
  );
}

function outcomeText({ outcome, exitStatus }: CellResult): string {
  const { symbol } = outcomes[outcome];
  const status = outcome === "fail" && exitStatus !== undefined ? ` (${exitStatus})` : "";
  return `${symbol} ${outcome}${status}`;
}
