import { access } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { env, stderr } from "node:process";
import { TsmachineError } from "../../src/errors/tsmachine-error.ts";
import { readTextIfPresent } from "../../src/host/files/files.ts";
import { runAttached } from "../../src/host/processes/run-attached.ts";
import { packageInRig } from "./places.ts";

/** A guest in which a real VirtualBox starts machines; see CONTRIBUTING.md. */
export interface Rig {
  /** What it is made of: "kernel …", "virtualbox …", "node …". */
  readonly versions: readonly string[];
  /** Runs a program of the package in it; the first word is looked up there. Its exit status. */
  run(words: readonly [program: string, script: string], signal: AbortSignal): Promise<number>;
}

/** One processor, unless the caller says otherwise: QEMU's AMD-V loses machines where there are two; see docs/verification.md. */
const environment = { VBOX_RIG_CPUS: env.VBOX_RIG_CPUS ?? "1" };

/** The rig did not come up; one boot in a dozen does not. */
const notUp = 125;

/**
 * The rig whose programs `build` and `run` are in the folder, built when it is not yet.
 * @param folder beside the package unless given
 */
export async function openRig({
  packageFolder,
  folder = join(packageFolder, "../shared/rigs/vbox"),
  signal,
}: {
  readonly packageFolder: string;
  readonly folder: string | undefined;
  readonly signal: AbortSignal;
}): Promise<Rig> {
  const programs = resolve(folder);
  await requirePrograms(programs);
  const built = env.VBOX_RIG_DIR ?? "/var/cache/vbox-rig";
  const readVersions = () => readTextIfPresent(join(built, "VERSIONS"));
  if ((await readVersions()) === undefined) {
    stderr.write("e2e:virtualbox: building the rig, which takes some minutes\n");
    await runAttached(join(programs, "build"), []);
    signal.throwIfAborted();
  }
  const versions = await readVersions();
  if (versions === undefined) {
    throw new TsmachineError("PROGRAM_FAILED", "the rig could not be built", {
      hints: [`see what \`${join(programs, "build")}\` says`],
    });
  }
  return {
    versions: versions.trim().split("\n"),
    async run([program, script]) {
      const inRig = join(packageInRig, relative(packageFolder, script));
      const args = ["-p", packageFolder, program, inRig];
      const exitStatus = await runAttached(join(programs, "run"), args, { environment });
      signal.throwIfAborted();
      return exitStatus === notUp
        ? runAttached(join(programs, "run"), args, { environment })
        : exitStatus;
    },
  };
}

async function requirePrograms(folder: string): Promise<void> {
  try {
    await access(join(folder, "run"));
  } catch (cause) {
    throw new TsmachineError("INPUT_MISSING", `there is no VirtualBox rig in ${folder}`, {
      hints: ["give the rig's folder: `npm run e2e:virtualbox -- FOLDER`"],
      cause,
    });
  }
}
