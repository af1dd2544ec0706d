import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argv, stdout } from "node:process";
import { readHostFacts } from "../host-packages/facts.ts";
import { requireQemu } from "../host-packages/require-qemu.ts";
import { runScript } from "../run-script.ts";
import { runNpm } from "../setup/run-node.mjs";
import { reasonToSkip } from "./allowed-skips.ts";
import { readHostLimits } from "./host-limits.ts";
import { runTests } from "./run-tests.ts";
import { type Result, summarize } from "./summary.ts";
import { installTestPrograms } from "./test-programs.ts";
import { dockerRegistry } from "./unpacked/registry-root.ts";
import { slurm } from "./unpacked/slurm-root.ts";
import { unpackPackages } from "./unpacked/unpack-packages.ts";
import { installVirtualBox } from "./virtualbox-root.ts";

/** CI leaves out what hardly a change breaks, for it would take more than an hour and a half. */
const machineProjects = argv.includes("--each-change") ? ["e2e"] : ["e2e", "e2e-extended"];

await runScript("verify", async (signal) => {
  const facts = await readHostFacts();
  await requireQemu(facts, signal);
  await installTestPrograms(facts, signal);
  await installVirtualBox(facts, signal);
  for (const packages of [slurm, dockerRegistry]) await unpackPackages(packages, facts, signal);
  const reports = await mkdtemp(join(tmpdir(), "tsmachine-verify-"));
  try {
    const results = [
      await check(),
      await runTests(["unit", "contract", "integration"], join(reports, "fast.json")),
      // Machines need the whole host: they boot when everything else is done.
      await runTests(machineProjects, join(reports, "e2e.json")),
    ];
    signal.throwIfAborted();
    const limits = await readHostLimits(signal);
    const { lines, exitStatus } = summarize(results, (title) => reasonToSkip(title, limits));
    stdout.write(`\n${lines.join("\n")}\n`);
    return exitStatus;
  } finally {
    await rm(reports, { recursive: true, force: true });
  }
});

/** Counts as one test. */
async function check(): Promise<Result> {
  const isClean = (await runNpm(["run", "check"])) === 0;
  return {
    passed: isClean ? 1 : 0,
    failures: isClean ? [] : ["npm run check"],
    skipped: [],
    durations: [],
  };
}
