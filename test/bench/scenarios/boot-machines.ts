import type { Bench, Scenario } from "../bench.ts";
import { bootByHand } from "../by-hand.ts";
import {
  machineName,
  qemuCpuSeconds,
  readKvmMachine,
  removingMachines,
  renewDataDisk,
} from "../machines.ts";
import { type Boot, bootSeries } from "../measure/boot-series.ts";
import type { Measurement } from "../measure/measurement.ts";
import { warmDownloads } from "./build-images.ts";

/** Each boot by the product takes turns with one by hand, with the same arguments and files. */
export const bootMachines: Scenario = {
  names: ["create", "start"],
  async run(bench, wanted) {
    await warmDownloads(bench);
    return removingMachines(bench, async () => [
      ...(wanted.has("create") ? [await measureCreate(bench)] : []),
      ...(wanted.has("start") ? [await measureStart(bench)] : []),
    ]);
  },
};

interface ProductBoot extends Boot {
  readonly peakMB: number;
}

async function measureCreate(bench: Bench): Promise<Measurement> {
  const { product, runs } = bench;
  const byProduct: ProductBoot[] = [];
  const byHand: Boot[] = [];
  for (let run = 1; run <= runs; run += 1) {
    bench.report(`creating a machine (${run} of ${runs})`);
    byProduct.push(await bootByProduct(bench, "create"));
    await product.time("kill", machineName);
    await renewDataDisk(await readKvmMachine(bench));
    bench.report(`booting it by hand with a new disk (${run} of ${runs})`);
    byHand.push(await timedBootByHand(bench));
    await product.remove([machineName]);
  }
  return {
    ...measurement("create, images in the cache", byProduct, 1.25),
    floor: { what: "QEMU by hand, new disk", ...bootSeries(byHand) },
  };
}

async function measureStart(bench: Bench): Promise<Measurement> {
  const { product, runs } = bench;
  const byProduct: ProductBoot[] = [];
  const byHand: Boot[] = [];
  bench.report("creating a machine to start");
  await product.time("create", machineName);
  for (let run = 1; run <= runs; run += 1) {
    await product.time("stop", machineName);
    bench.report(`booting it by hand (${run} of ${runs})`);
    byHand.push(await timedBootByHand(bench));
    await product.time("stop", machineName);
    bench.report(`starting it (${run} of ${runs})`);
    byProduct.push(await bootByProduct(bench, "start"));
  }
  return {
    ...measurement("start", byProduct, 1.1),
    floor: { what: "QEMU by hand, used disk", ...bootSeries(byHand) },
  };
}

async function bootByProduct(bench: Bench, command: "create" | "start"): Promise<ProductBoot> {
  const run = await bench.product.timeWithPeak(command, machineName);
  return { ...run, qemuCpuSeconds: await qemuCpuSeconds(bench) };
}

async function timedBootByHand(bench: Bench): Promise<Boot> {
  const seconds = await bootByHand(bench);
  return { seconds, qemuCpuSeconds: await qemuCpuSeconds(bench) };
}

function measurement(
  what: string,
  boots: readonly ProductBoot[],
  atMostRatio: number,
): Measurement {
  return {
    what,
    ...bootSeries(boots),
    peakMB: Math.max(...boots.map(({ peakMB }) => peakMB)),
    aims: [{ quantity: "ratio", atMost: atMostRatio }],
  };
}
