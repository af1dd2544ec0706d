import type { Bench, Scenario } from "../bench.ts";
import { addStoppedMachines, machineName, removingMachines } from "../machines.ts";
import type { Aim, Measurement } from "../measure/measurement.ts";
import { warmDownloads } from "./build-images.ts";

interface ShortCommand {
  readonly what: string;
  readonly args: readonly string[];
  readonly aims: readonly Aim[];
}

const version: ShortCommand = {
  what: "version",
  args: ["version"],
  aims: [{ quantity: "ratio", atMost: 1.5 }],
};

const buildNothing: ShortCommand = {
  what: "iso build, all in the cache",
  args: ["iso", "build"],
  aims: [{ quantity: "seconds", atMost: 0.1 }],
};

const atOnce = { quantity: "seconds", atMost: 0.15 } as const;

/** All of them with ten machines in the store, one of which runs. */
const onMachines = {
  env: { what: "env", args: ["env", machineName], aims: [atOnce] },
  ip: { what: "ip", args: ["ip", machineName], aims: [atOnce] },
  url: { what: "url", args: ["url", machineName], aims: [atOnce] },
  ls: { what: "ls, 10 machines", args: ["ls"], aims: [] },
} as const satisfies Record<string, ShortCommand>;

const stoppedMachines = 9;

/** Commands that take milliseconds, against Node with nothing to do. */
export const shortCommands: Scenario = {
  names: ["version", "cached", ...Object.keys(onMachines)],
  async run(bench, wanted) {
    const chosen = Object.entries(onMachines).flatMap(([name, command]) =>
      wanted.has(name) ? [command] : [],
    );
    const all = [
      ...(wanted.has("version") ? [version] : []),
      ...(wanted.has("cached") ? [buildNothing] : []),
      ...chosen,
    ];
    if (wanted.has("cached") || chosen.length > 0) await warmDownloads(bench);
    if (chosen.length === 0) return measure(bench, all);
    return removingMachines(bench, async () => {
      bench.report("creating a machine");
      await bench.product.time("create", machineName);
      await addStoppedMachines(bench, stoppedMachines);
      return measure(bench, all);
    });
  },
};

/** All commands and the floor take turns, so that a busy spell of the host falls on all of them. */
async function measure(bench: Bench, commands: readonly ShortCommand[]): Promise<Measurement[]> {
  const { product, quickRuns } = bench;
  bench.report(`running ${commands.map(({ what }) => what).join("; ")} (${quickRuns} times)`);
  const floor: number[] = [];
  const series = commands.map((command) => ({ command, seconds: [] as number[] }));
  for (let run = 1; run <= quickRuns; run += 1) {
    floor.push(await product.timeBareNode());
    for (const { command, seconds } of series)
      seconds.push(await product.timeAlone(...command.args));
  }
  const measurements: Measurement[] = [];
  for (const { command, seconds } of series) {
    const { peakMB } = await product.timeWithPeak(...command.args);
    const { what, aims } = command;
    measurements.push({
      what,
      seconds,
      peakMB,
      aims,
      floor: { what: "node -e 0", seconds: floor },
    });
  }
  return measurements;
}
