import { execPath } from "node:process";
import { readTextIfPresent } from "../../src/host/files/files.ts";
import { runAttached } from "../../src/host/processes/run-attached.ts";
import { parseReport } from "./parse-report.ts";
import type { Result } from "./summary.ts";

/**
 * Runs vitest's projects and shows its own summary.
 * @param reportPath a file that is not there yet
 */
export async function runTests(projects: readonly string[], reportPath: string): Promise<Result> {
  const begun = performance.now();
  const exitStatus = await runAttached(execPath, [
    ...["node_modules/vitest/vitest.mjs", "run"],
    ...projects.flatMap((project) => ["--project", project]),
    ...["--reporter", "default", "--reporter", "json", `--outputFile.json=${reportPath}`],
  ]);
  const all = { what: `all of ${projects.join(", ")}`, ms: performance.now() - begun };
  const result = parseReport(await readTextIfPresent(reportPath), exitStatus);
  return { ...result, durations: [all, ...result.durations] };
}
