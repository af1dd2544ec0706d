import { listImages } from "../../../src/iso/images/cache/image-cache.ts";
import type { ImageKind } from "../../../src/iso/images/image-lock.ts";
import type { Bench, Scenario } from "../bench.ts";
import { bootByHand } from "../by-hand.ts";
import { machineName, readKvmMachine, removingMachines, renewDataDisk } from "../machines.ts";
import type { Measurement } from "../measure/measurement.ts";
import { peakBelow } from "../measure/peak-below.ts";
import { warmDownloads } from "./build-images.ts";

/** Workloads that take no time, each of which is a cell. */
const cellCount = 4;
/** What the machines of cells have; see src/matrix/run/capacity.ts. */
const size = ["--kvm-cpu-count", "1", "--kvm-memory", "1024"];
const jobs = [1, 2];

/** Cells whose images are there, against the boots that they cannot do without, one after another. */
export const matrixCells: Scenario = {
  names: ["matrix"],
  async run(bench) {
    await warmDownloads(bench);
    return removingMachines(bench, async () => {
      bench.report("creating a machine to boot by hand");
      await bench.product.time("create", ...size, machineName);
      await bench.product.time("kill", machineName);
      return measure(bench);
    });
  },
};

async function measure(bench: Bench): Promise<Measurement[]> {
  const axes = await standardAxes(bench);
  const floor: number[] = [];
  const series = jobs.map((count) => ({
    count,
    seconds: [] as number[],
    peakMB: 0,
    machinesPeakMB: 0,
  }));
  for (let run = 1; run <= bench.runs; run += 1) {
    bench.report(`booting ${cellCount} times by hand with a new disk (${run} of ${bench.runs})`);
    floor.push(await bootInARow(bench));
    for (const one of series) {
      bench.report(`running ${cellCount} cells, ${one.count} at once (${run} of ${bench.runs})`);
      const flags = [...axes, "--where", "guest", "--jobs", String(one.count)];
      const words = Array.from({ length: cellCount }, (_, index) => String(1024 + index));
      const machinesPeakMB = await peakBelow(bench.store.layout.root, async () => {
        const { seconds, peakMB } = await bench.product.timeWithPeak(
          ...["matrix", "run", ...flags, "--memory", words.join(","), "--", "true"],
        );
        one.seconds.push(seconds);
        one.peakMB = Math.max(one.peakMB, peakMB);
      });
      one.machinesPeakMB = Math.max(one.machinesPeakMB, machinesPeakMB);
    }
  }
  return series.map(({ count, seconds, peakMB, machinesPeakMB }) => ({
    what: `matrix run, ${cellCount} cells, --jobs ${count}`,
    ...{ seconds, peakMB, cells: cellCount },
    ...(machinesPeakMB > 0 && { machinesPeakMB }),
    floor: { what: `${cellCount} boots by hand in a row`, seconds: floor },
    aims: [{ quantity: "ratio", atMost: 1.2 }],
  }));
}

async function bootInARow(bench: Bench): Promise<number> {
  let seconds = 0;
  for (let boot = 1; boot <= cellCount; boot += 1) {
    await renewDataDisk(await readKvmMachine(bench));
    seconds += await bootByHand(bench);
    await bench.product.time("kill", machineName);
  }
  return seconds;
}

/** The kernel and the engine that `create` takes by default, by the names that `matrix run` has for them. */
async function standardAxes({ store }: Bench): Promise<string[]> {
  const record = await store.readMachine(machineName);
  const images = await listImages(store.layout.cache);
  const seriesOf = (kind: ImageKind, key: string | undefined) => {
    const image = images.find(
      ({ manifest }) => manifest.lock.kind === kind && manifest.key === key,
    );
    const [series] = /^\d+\.\d+/.exec(image?.manifest.version ?? "") ?? [];
    if (series === undefined) throw new Error(`the cache has no ${kind} image of the machine`);
    return series;
  };
  const { boot, engine } = record.images ?? {};
  return ["--kernel", seriesOf("boot", boot), "--engine", seriesOf("engine", engine)];
}
