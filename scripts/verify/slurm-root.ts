import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { stdout } from "node:process";
import { TsmachineError } from "../../src/errors/tsmachine-error.ts";
import { type RunOptions, run } from "../../src/host/processes/run.ts";
import { runAttached } from "../../src/host/processes/run-attached.ts";
import { isOnPath } from "../host-packages/facts.ts";
import type { HostFacts } from "../host-packages/plan.ts";

/**
 * Debian's Slurm, unpacked and not installed, since its services would start and want a configuration of this
 * host: a cluster of tests runs its programs from there. No root is needed.
 */
export const slurmRoot = resolve("node_modules/.cache/slurm");

/** What a cluster of one host is made of, and what of it no other program is likely to have brought. */
const packages = ["slurmctld", "slurmd", "slurm-client", "slurm-wlm-basic-plugins", "munge"];
const libraries = ["libmunge2"];

const timeoutMs = 5 * 60_000;

/** Downloads and unpacks Slurm unless that was done. Says so where it cannot. */
export async function installSlurm(facts: HostFacts, signal: AbortSignal): Promise<void> {
  if (existsSync(slurmRoot)) return;
  if (!(await isOnPath("apt-get")) || !(await isOnPath("dpkg-deb"))) {
    return say("this host has no apt");
  }
  try {
    await makeRoot(facts, signal);
  } catch (error) {
    if (!(error instanceof TsmachineError)) throw error;
    say(error.message);
  }
}

async function makeRoot({ isRoot }: HostFacts, signal: AbortSignal): Promise<void> {
  stdout.write("==> Unpacking Slurm, for tests\n");
  const partial = `${slurmRoot}.partial`;
  const archives = join(partial, "archives");
  await rm(partial, { recursive: true, force: true });
  await mkdir(archives, { recursive: true });
  const options = { signal, timeoutMs, cwd: archives };
  const question = await run("apt-cache", ["show", "slurmctld"], {
    signal,
    acceptExitCodes: "all",
  });
  if (question.exitCode !== 0 && isRoot) await runAttached("apt-get", ["-q", "update"]);
  const names = [...packages, ...libraries, ...(await missingPackages(options))];
  // Else root would have a user of apt's own download, who may not write there.
  const asThisUser = ["-o", "APT::Sandbox::User=root"];
  await run("apt-get", ["-q", ...asThisUser, "download", ...new Set(names)], options);
  const root = join(partial, "root");
  for (const archive of await readdir(archives)) {
    await run("dpkg-deb", ["--extract", archive, root], options);
  }
  await rename(root, slurmRoot);
  await rm(partial, { recursive: true });
}

/** What apt would install, as it says itself. */
async function missingPackages(options: RunOptions): Promise<string[]> {
  const words = ["--simulate", "--no-install-recommends", "install", ...packages];
  const { stdout: printed } = await run("apt-get", words, options);
  return [...printed.matchAll(/^Inst (\S+)/gm)].flatMap(([, name]) => name ?? []);
}

function say(reason: string): void {
  stdout.write(`==> Going on without Slurm, which some tests need: ${reason}\n`);
}
