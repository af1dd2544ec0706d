import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { argv, cwd, env, stderr, stdout } from "node:process";
import { runScript } from "../../scripts/run-script.ts";
import { makePrivateDirectory, writeFileAtomic } from "../../src/host/files/files.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { Bench, Scenario } from "./bench.ts";
import type { Measurement } from "./measure/measurement.ts";
import { createProduct } from "./product.ts";
import { describeHost, formatHost, thisHost } from "./report/host.ts";
import { renderMarkdown, renderTable } from "./report/render.ts";
import { bootMachines } from "./scenarios/boot-machines.ts";
import { buildImages } from "./scenarios/build-images.ts";
import { measureSizes } from "./scenarios/image-sizes.ts";
import { listAilingMachines } from "./scenarios/list-machines.ts";
import { matrixCells } from "./scenarios/matrix-cells.ts";
import { sharedFolders } from "./scenarios/shared-folders.ts";
import { shortCommands } from "./scenarios/short-commands.ts";
import { parseSettings, type Settings } from "./settings.ts";

const scenarios: readonly Scenario[] = [
  ...[buildImages, bootMachines, matrixCells, sharedFolders, shortCommands, listAilingMachines],
];

/** Measured only when --only names them: an empty cache means a hundred megabytes for the mirror. */
const namesWhenAsked = ["download"];

/** npm runs it in the package's folder. */
const packageFolder = cwd();
const resultsFolder = join(packageFolder, "bench-results");

await runScript("bench", async (signal) => {
  const names = [...scenarios.flatMap((scenario) => scenario.names), "sizes"];
  const settings = parseSettings(argv.slice(2), names, namesWhenAsked);
  await mkdir(resultsFolder, { recursive: true });
  const bench = await createBench(settings, signal);
  const host = await describeHost(bench.world, signal);
  const measurements: Measurement[] = [];
  for (const scenario of scenarios) {
    if (!scenario.names.some((name) => settings.wanted.has(name))) continue;
    measurements.push(...(await scenario.run(bench, settings.wanted)));
  }
  const sizes = settings.wanted.has("sizes") ? await measureSizes(bench) : [];
  const render = settings.format === "markdown" ? renderMarkdown : renderTable;
  stdout.write(`${formatHost(host)}\n\n${await render({ measurements, sizes })}`);
  const path = join(resultsFolder, `${settings.resultName}.json`);
  const result = { measuredAt: new Date().toISOString(), host, measurements, sizes };
  await writeFileAtomic(path, `${JSON.stringify(result, undefined, 2)}\n`, { mode: 0o644 });
  stderr.write(`bench: wrote ${path}\n`);
  return 0;
});

async function createBench(settings: Settings, signal: AbortSignal): Promise<Bench> {
  const { storagePath, runs, quickRuns } = settings;
  await makePrivateDirectory(storagePath);
  return {
    product: createProduct({ packageFolder, storagePath, environment: env, signal }),
    store: openStore(storagePath),
    world: thisHost(),
    ...{ runs, quickRuns, signal },
    report: (line) => stderr.write(`bench: ${line}\n`),
  };
}
