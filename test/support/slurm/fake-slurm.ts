import { chmod, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { formatReport } from "../../../src/matrix/report/read-report.ts";
import { sampleReport, sampleResult } from "../matrix/sample-report.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

/** Slurm's programs as texts of sh(1). */
export interface FakePrograms {
  /** Where it is told to do otherwise than to begin job 17, whose one task leaves a report with the cell 6.1/26.1. */
  readonly sbatch?: string;
  /** Where it is told to do otherwise than to say that the task has ended. */
  readonly squeue?: string;
}

export interface FakeSlurm {
  readonly environment: { readonly PATH: string };
  /** How a program was called so far, a line each. */
  calls(program: "sbatch" | "squeue" | "scancel"): Promise<string[]>;
}

const hasEnded = "echo '1|COMPLETED|None|0|'";

/** Programs on PATH that say what a cluster might. */
export async function fakeSlurm(programs: FakePrograms = {}): Promise<FakeSlurm> {
  const folder = await temporaryDirectory();
  const report = join(folder, "report.json");
  const result = sampleResult({ workload: "command" });
  await writeFile(
    report,
    formatReport(sampleReport([result], { name: "matrix", kernelConfigs: {} })),
  );
  const leavesReport = `for script; do :; done; cp '${report}' "\${script%/*}/1.json"; echo 17`;
  const texts = { sbatch: leavesReport, squeue: hasEnded, scancel: ":", ...programs };
  const calledPath = (name: string) => join(folder, `${name}.called`);
  for (const [name, text] of Object.entries(texts)) {
    const path = join(folder, name);
    await writeFile(path, `#!/bin/sh\necho "$*" >> '${calledPath(name)}'\n${text}\n`);
    await chmod(path, 0o755);
  }
  return {
    environment: { PATH: [folder, process.env.PATH].join(delimiter) },
    calls: async (program) =>
      (await readFile(calledPath(program), { encoding: "utf8", flag: "a+" }))
        .split("\n")
        .filter((line) => line !== ""),
  };
}
