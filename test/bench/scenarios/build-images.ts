import { rm } from "node:fs/promises";
import { imagesDirectory } from "../../../src/iso/images/cache/image-files.ts";
import type { Bench, Scenario } from "../bench.ts";
import type { Measurement } from "../measure/measurement.ts";

const atMostMB = 300;

/** With all downloads in the cache, and with an empty one. */
export const buildImages: Scenario = {
  names: ["images", "download"],
  async run(bench, wanted) {
    return [
      ...(wanted.has("download") ? [await measureFromNothing(bench)] : []),
      ...(wanted.has("images") ? [await measureFromPackages(bench)] : []),
    ];
  },
};

async function measureFromNothing(bench: Bench): Promise<Measurement> {
  const runs: Run[] = [];
  for (let run = 1; run <= bench.runs; run += 1) {
    bench.report(`downloading and building the images (${run} of ${bench.runs})`);
    await rm(bench.store.layout.cache, { recursive: true, force: true });
    runs.push(await bench.product.timeWithPeak("iso", "build"));
  }
  return measurement("iso build, from nothing", runs);
}

async function measureFromPackages(bench: Bench): Promise<Measurement> {
  await warmDownloads(bench);
  const runs: Run[] = [];
  for (let run = 1; run <= bench.runs; run += 1) {
    bench.report(`building the images (${run} of ${bench.runs})`);
    await rm(imagesDirectory(bench.store.layout.cache), { recursive: true, force: true });
    runs.push(await bench.product.timeWithPeak("iso", "build"));
  }
  return measurement("iso build, packages in the cache", runs, { atMostSeconds: 30 });
}

/** Brings the packages and the images into the cache. */
export async function warmDownloads({ product, report }: Bench): Promise<void> {
  report("downloading packages that the cache lacks");
  await product.time("iso", "build");
}

interface Run {
  readonly seconds: number;
  readonly peakMB: number;
}

function measurement(
  what: string,
  runs: readonly Run[],
  { atMostSeconds }: { readonly atMostSeconds?: number } = {},
): Measurement {
  return {
    what,
    seconds: runs.map(({ seconds }) => seconds),
    peakMB: Math.max(...runs.map(({ peakMB }) => peakMB)),
    aims: [
      ...(atMostSeconds === undefined
        ? []
        : [{ quantity: "seconds", atMost: atMostSeconds } as const]),
      { quantity: "peakMB", atMost: atMostMB },
    ],
  };
}
