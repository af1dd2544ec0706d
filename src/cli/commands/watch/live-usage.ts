import { createLogUpdate } from "log-update";
import type { Context } from "../../../core/context.ts";
import { watchUsage } from "../../../core/usage/measure-machines.ts";
import type { UsageRow } from "../../../core/usage/meter.ts";
import { type HostLoad, readHostLoad } from "../../../host/resources.ts";
import { sleep } from "../../../host/sleep.ts";
import { cutTo } from "../../matrix-grid/columns.ts";
import { alignColumns } from "../../output/table.ts";
import { formatBytes } from "../../tasks/amounts.ts";
import { percent, usageColumns } from "./usage-columns.ts";

const everyMs = 2_000;

export interface LiveUsage {
  readonly names: readonly string[] | undefined;
  /** See Meter.measure. */
  readonly timeoutMs: number;
  readonly stream: NodeJS.WriteStream;
}

/**
 * Draws the machines' rows in place, under a line about this host, until the context's signal is aborted. The last table
 * stays, and the cursor is back; log-update sees to that also when the process exits meanwhile.
 * @throws the signal's reason
 */
export async function showLiveUsage(
  context: Context,
  { names, timeoutMs, stream }: LiveUsage,
): Promise<void> {
  const rows = new Map<string, UsageRow>();
  let load: HostLoad | undefined;
  const update = createLogUpdate(stream);
  const redraw = async () => update((await frameOf(rows, load, stream)).join("\n"));
  const watchHost = async () => {
    for (;;) {
      load = await readHostLoad();
      await redraw();
      await sleep(everyMs, context.signal);
    }
  };
  const onRow = (name: string, row: UsageRow | undefined) => {
    if (row === undefined) rows.delete(name);
    else rows.set(name, row);
  };
  try {
    await Promise.all([
      watchHost(),
      watchUsage(context, { ...{ names, everyMs, timeoutMs }, onRow }),
    ]);
  } finally {
    update.done();
  }
}

const foot = "q or Ctrl-C ends";
const usualRows = 24;

/** The lines on the terminal: none wider, and all together no higher. */
export async function frameOf(
  rows: ReadonlyMap<string, UsageRow>,
  load: HostLoad | undefined,
  { columns, rows: height = usualRows }: Pick<NodeJS.WriteStream, "columns" | "rows">,
): Promise<string[]> {
  const { compare } = new Intl.Collator("en", { numeric: true });
  const sorted = [...rows.values()].sort((a, b) => compare(a.name, b.name));
  const header = usageColumns.map((column) => column.header.toUpperCase());
  const cells = sorted.map((row) => usageColumns.map((column) => column.cell(row)));
  const table = (await alignColumns([header, ...cells])).trimEnd().split("\n");
  // Besides the table there are two lines, and the cursor stands below them.
  const room = Math.max(2, height - 3);
  const shown = table.slice(0, table.length > room ? room - 1 : room);
  const rest = table.length - shown.length;
  // What reaches the last column makes some terminals begin a new line.
  return [hostLine(load), ...shown, rest > 0 ? `and ${rest} more; ${foot}` : foot].map((line) =>
    cutTo(columns - 1, line),
  );
}

function hostLine(load: HostLoad | undefined): string {
  if (load === undefined) return "this host";
  const { processorPercent, availableMemoryBytes, totalMemoryBytes } = load;
  const memory = `${formatBytes(availableMemoryBytes)} of ${formatBytes(totalMemoryBytes)}`;
  return `this host: processors ${percent(processorPercent)} busy, ${memory} memory available`;
}
