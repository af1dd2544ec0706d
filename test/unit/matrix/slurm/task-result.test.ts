import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeFileAtomic } from "../../../../src/host/files/files.ts";
import { formatReport } from "../../../../src/matrix/report/read-report.ts";
import { readTaskResult } from "../../../../src/matrix/slurm/task-result.ts";
import { sampleReport } from "../../../support/matrix/sample-report.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

const signal = new AbortController().signal;
const ended = {
  ...{ task: 1, last: { task: 1, state: "COMPLETED", reason: "None", exitStatus: 0 } },
} as const;

test("a folder that cannot be read for some time is waited for, and for no longer", async () => {
  const directory = await temporaryDirectory();
  const report = join(directory, "1.json");
  // stat(2) fails with ELOOP, whoever asks.
  await symlink("1.json", report);
  const place = { directory, job: "17", signal };
  await expect(readTaskResult(ended, { ...place, maxSilenceMs: 1 })).rejects.toMatchObject({
    code: "ELOOP",
  });
  const result = readTaskResult(ended, { ...place, maxSilenceMs: 500 });
  await writeFileAtomic(report, formatReport(sampleReport()));
  expect(await result).toMatchObject({ kind: "reported", file: { path: report } });
});
