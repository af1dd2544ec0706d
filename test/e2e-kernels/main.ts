import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { argv, cwd, stderr, stdout } from "node:process";
import { runScript } from "../../scripts/run-script.ts";
import { writeFileAtomic } from "../../src/host/files/files.ts";
import { openTestStore } from "../support/machines/tsmachine.ts";
import { readOffered } from "./offers.ts";
import { planPairs } from "./plan.ts";
import { parseSettings } from "./settings.ts";
import { headerLine, lineFor } from "./table.ts";
import { type Outcome, tryPair } from "./try-pair.ts";

/** npm runs it in the package's folder. */
const packageFolder = cwd();
const resultsFolder = join(packageFolder, "bench-results");

await runScript("e2e:kernels", async (signal) => {
  const settings = parseSettings(argv.slice(2));
  // Shared with the tests: what one has downloaded or built the other finds.
  const cacheDirectory = join(packageFolder, "node_modules/.cache/tsmachine");
  for (const folder of [resultsFolder, cacheDirectory]) await mkdir(folder, { recursive: true });
  await using store = await openTestStore({ cacheDirectory, packageFolder });
  const pairs = planPairs(await readOffered(store), settings);
  const outcomes: Outcome[] = [];
  stdout.write(headerLine);
  for (const pair of pairs) {
    const outcome = await tryPair(store, pair);
    signal.throwIfAborted();
    stdout.write(lineFor(outcome));
    if (outcome.failure !== undefined) stderr.write(`${outcome.failure.details.trim()}\n`);
    outcomes.push(outcome);
  }
  const path = join(resultsFolder, "kernels.json");
  const result = { measuredAt: new Date().toISOString(), outcomes };
  await writeFileAtomic(path, `${JSON.stringify(result, undefined, 2)}\n`, { mode: 0o644 });
  const failed = outcomes.filter(({ failure }) => failure !== undefined).length;
  stderr.write(
    `e2e:kernels: ${outcomes.length - failed} of ${outcomes.length} work; wrote ${path}\n`,
  );
  return failed === 0 ? 0 : 1;
});
