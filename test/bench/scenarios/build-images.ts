import { rm } from "node:fs/promises";
import { imagesDirectory } from "../../../src/iso/images/image-files.ts";
import type { Bench, Scenario } from "../bench.ts";
import type { Aim, Measurement } from "../measure/measurement.ts";

const buildAims: readonly Aim[] = [
  { quantity: "seconds", atMost: 30 },
  { quantity: "peakMB", atMost: 300 },
];

/** With all downloads in the cache: first without the images, then with them. */
export const buildImages: Scenario = {
  names: ["images"],
  async run(bench) {
    await warmDownloads(bench);
    const built: Run[] = [];
    const unchanged: Run[] = [];
    for (let run = 1; run <= bench.runs; run += 1) {
      bench.report(`building the images (${run} of ${bench.runs})`);
      await rm(imagesDirectory(bench.store.layout.cache), { recursive: true, force: true });
      built.push(await bench.product.timeWithPeak("iso", "build"));
      unchanged.push(await bench.product.timeWithPeak("iso", "build"));
    }
    return [
      measurement("iso build, packages in the cache", built, buildAims),
      measurement("iso build, nothing new at the mirror", unchanged, []),
    ];
  },
};

/** Brings the packages and the images into the cache. */
export async function warmDownloads({ product, report }: Bench): Promise<void> {
  report("downloading packages that the cache lacks");
  await product.time("iso", "build");
}

interface Run {
  readonly seconds: number;
  readonly peakMB: number;
}

function measurement(what: string, runs: readonly Run[], aims: readonly Aim[]): Measurement {
  return {
    what,
    seconds: runs.map(({ seconds }) => seconds),
    peakMB: Math.max(...runs.map(({ peakMB }) => peakMB)),
    aims,
  };
}
