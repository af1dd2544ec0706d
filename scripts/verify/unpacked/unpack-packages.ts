import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { stdout } from "node:process";
import { TsmachineError } from "../../../src/errors/tsmachine-error.ts";
import { type RunOptions, run } from "../../../src/host/processes/run.ts";
import { runAttached } from "../../../src/host/processes/run-attached.ts";
import { isOnPath } from "../../host-packages/facts.ts";
import type { HostFacts } from "../../host-packages/plan.ts";

export interface UnpackedPackages {
  /** What people call it: "Slurm". */
  readonly title: string;
  /** The folder that becomes the root of what is unpacked; there means done. */
  readonly root: string;
  /** Debian's; what they depend on and this host lacks is unpacked too. */
  readonly packages: readonly string[];
  /** What is unpacked even where this host has it. */
  readonly libraries?: readonly string[];
}

const timeoutMs = 5 * 60_000;

/**
 * Downloads and unpacks packages without installing them, unless that was done: services of theirs would start
 * and want a configuration of this host. No root is needed. Says so where it cannot.
 */
export async function unpackPackages(
  wanted: UnpackedPackages,
  facts: HostFacts,
  signal: AbortSignal,
): Promise<void> {
  if (existsSync(wanted.root)) return;
  const { title } = wanted;
  const say = (reason: string) =>
    stdout.write(`==> Going on without ${title}, which some tests need: ${reason}\n`);
  if (!(await isOnPath("apt-get")) || !(await isOnPath("dpkg-deb"))) {
    say("this host has no apt");
    return;
  }
  try {
    stdout.write(`==> Unpacking ${title}, for tests\n`);
    await makeRoot(wanted, facts, signal);
  } catch (error) {
    if (!(error instanceof TsmachineError)) throw error;
    say(error.message);
  }
}

async function makeRoot(
  { root, packages, libraries = [] }: UnpackedPackages,
  { isRoot }: HostFacts,
  signal: AbortSignal,
): Promise<void> {
  const partial = `${root}.partial`;
  const archives = join(partial, "archives");
  await rm(partial, { recursive: true, force: true });
  await mkdir(archives, { recursive: true });
  const options = { signal, timeoutMs, cwd: archives };
  const question = await run("apt-cache", ["show", ...packages], {
    signal,
    acceptExitCodes: "all",
  });
  if (question.exitCode !== 0 && isRoot) await runAttached("apt-get", ["-q", "update"]);
  const names = [...packages, ...libraries, ...(await missingPackages(packages, options))];
  // Else root would have a user of apt's own download, who may not write there.
  const asThisUser = ["-o", "APT::Sandbox::User=root"];
  await run("apt-get", ["-q", ...asThisUser, "download", ...new Set(names)], options);
  const unpacked = join(partial, "root");
  for (const archive of await readdir(archives)) {
    await run("dpkg-deb", ["--extract", archive, unpacked], options);
  }
  await rename(unpacked, root);
  await rm(partial, { recursive: true });
}

/** What apt would install, as it says itself. */
async function missingPackages(
  packages: readonly string[],
  options: RunOptions,
): Promise<string[]> {
  const words = ["--simulate", "--no-install-recommends", "install", ...packages];
  const { stdout: printed } = await run("apt-get", words, options);
  return [...printed.matchAll(/^Inst (\S+)/gm)].flatMap(([, name]) => name ?? []);
}
