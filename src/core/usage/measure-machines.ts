import { sleep } from "../../host/sleep.ts";
import type { Context } from "../context.ts";
import { attendMachines } from "../look/attend-machines.ts";
import { type Meter, openMeter, type UsageRow } from "./meter.ts";

/** Long enough for rates that mean something. */
const apartMs = 1_000;

/**
 * What the machines take, each measured twice, all at once. Those that are gone by then have no row.
 * @param timeoutMs see Meter.measure
 */
export async function measureMachines(
  context: Context,
  names: readonly string[],
  timeoutMs: number,
): Promise<readonly UsageRow[]> {
  const { signal } = context;
  const rows = names.map(async (name) => {
    await using meter = openMeter(context, name);
    await meter.measure({ timeoutMs, signal });
    await sleep(apartMs, signal);
    // Awaited here: else the meter would be closed while it measures, and open another connection.
    return await meter.measure({ timeoutMs, signal });
  });
  return (await Promise.all(rows)).flatMap((row) => row ?? []);
}

export interface UsageWatch {
  /** All machines there are when undefined, also those that appear later. */
  readonly names: readonly string[] | undefined;
  readonly everyMs: number;
  /** See Meter.measure. */
  readonly timeoutMs: number;
  /** Told of each row as soon as it is there; undefined when the machine is gone. */
  onRow(name: string, row: UsageRow | undefined): void;
}

/** Measures machines again and again, each in its own time. @throws the signal's reason */
export async function watchUsage(
  context: Context,
  { names, everyMs, timeoutMs, onRow }: UsageWatch,
): Promise<never> {
  return attendMachines(context, { names, everyMs }, async (name, { signal }) => {
    await using meter: Meter = openMeter(context, name);
    for (;;) {
      const row = await meter.measure({ timeoutMs, signal });
      onRow(name, row);
      if (row === undefined) return;
      await sleep(everyMs, signal);
    }
  });
}
