import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseReport } from "../../src/matrix/report/read-report.ts";
import { openSharedCacheStore } from "../support/machines/machine.ts";
import { leftoversIn, nothingLeft } from "../support/machines/tsmachine-leftovers.ts";
import { type Cluster, hasSlurm, startCluster } from "../support/slurm/cluster.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

describe.skipIf(!hasSlurm)("a Slurm cluster (skipped where there is no Slurm)", () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster();
  });
  afterAll(() => cluster?.[Symbol.asyncDispose]());

  test("runs a matrix's cells on machines of its node, and leaves nothing", async () => {
    await using store = await openSharedCacheStore();
    const folder = await temporaryDirectory();
    const path = join(folder, "report.json");
    const flags = ["--kernel", "6.1,6.12", "--engine", "26.1", "--where", "guest", "--json", path];
    const words = ["--executor", "slurm", "--slurm-directory", folder, ...flags];
    const { stdout, stderr, exitCode } = await store.shell(
      `PATH="${cluster.programs}:$PATH" exec tsmachine matrix run ${words.join(" ")} -- sh -c 'uname -r; exit 7'`,
    );
    expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 10 });
    const { results } = parseReport(await readFile(path, "utf8"), path);
    expect(results).toMatchObject(
      [
        { cell: "6.1/26.1", outcome: "fail", exitStatus: 7, output: /^6\.1\./ },
        { cell: "6.12/26.1", outcome: "fail", exitStatus: 7, output: /^6\.12\./ },
      ].map((result) => ({ ...result, output: expect.stringMatching(result.output) })),
    );
    expect(stderr).toContain("Task 2 of 2: 1 fail");
    expect(await readdir(folder)).toEqual(["report.json"]);
    expect(await leftoversIn(store)).toEqual(nothingLeft);
  });
});
