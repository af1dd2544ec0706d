import { mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { isSystemError } from "../../../src/errors/system-error.ts";
import { type RunResult, run } from "../../../src/host/processes/run.ts";
import { endProcessesIn } from "./tsmachine-processes.ts";

/** A store in a folder of its own, and programs that use it as a user's shell would. */
export interface TestStore extends AsyncDisposable {
  /** Value of TSMACHINE_STORAGE_PATH. */
  readonly path: string;
  /** What programs get besides the environment of the tests. */
  readonly environment: Readonly<Record<string, string>>;
  /** Runs `tsmachine ARGS…` to its end, whatever its exit status. */
  tsmachine(...args: string[]): Promise<RunResult>;
  /** Runs a script of sh(1) to its end, with tsmachine, docker-machine and docker on PATH. */
  shell(script: string, settings?: ShellSettings): Promise<RunResult>;
}

export interface ShellSettings {
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

export interface TestStoreOptions {
  /** A folder with images and packages to use; one of its own, empty at first, unless given. */
  readonly cacheDirectory?: string;
  /** Where the store's folder is made; among the temporary files unless given. */
  readonly parent?: string;
  readonly dockerProgram?: string;
  /** The folder of the tsmachine to run; a bundled script cannot tell it by its own place. */
  readonly packageFolder?: string;
}

export const packageDirectory = join(import.meta.dirname, "../../..");

/** Above the limit that the command itself has for a boot, so that its own error is seen. */
const commandTimeoutMs = 8 * 60_000;

/** An empty store; on disposal its machines are removed, and their processes have ended. */
export async function openTestStore({
  cacheDirectory,
  dockerProgram,
  parent = tmpdir(),
  packageFolder = packageDirectory,
}: TestStoreOptions = {}): Promise<TestStore> {
  const root = await mkdtemp(join(parent, "tsmachine-e2e-"));
  const path = join(root, "store");
  const programs = join(root, "bin");
  const home = join(root, "home");
  await Promise.all([path, programs, home].map((folder) => mkdir(folder, { mode: 0o700 })));
  if (cacheDirectory !== undefined) await symlink(cacheDirectory, join(path, "cache"));
  for (const name of ["tsmachine", "docker-machine"]) {
    await symlink(join(packageFolder, "bin", name), join(programs, name));
  }
  if (dockerProgram !== undefined) await symlink(dockerProgram, join(programs, "docker"));
  const environment = {
    HOME: home,
    // Node may be where only the tests know of it.
    PATH: [programs, dirname(process.execPath), process.env.PATH].join(delimiter),
    TSMACHINE_STORAGE_PATH: path,
    // One in the environment of the tests would lead docker-machine to the user's own machines.
    MACHINE_STORAGE_PATH: path,
    // Docker's classic builder is part of every docker CLI, buildx is not.
    DOCKER_BUILDKIT: "0",
  };
  const start = (program: string, args: readonly string[], settings: ShellSettings = {}) =>
    run(program, args, {
      ...settings,
      environment: { ...environment, ...settings.environment },
      acceptExitCodes: "all",
      timeoutMs: commandTimeoutMs,
    });
  return {
    path,
    environment,
    tsmachine: (...args) => start("tsmachine", args),
    shell: (script, settings) => start("/bin/sh", ["-c", script], settings),
    async [Symbol.asyncDispose]() {
      if (await hasMachines(path)) {
        const names = (await start("tsmachine", ["ls", "-q"])).stdout.split("\n").filter(Boolean);
        if (names.length > 0) await start("tsmachine", ["rm", "-f", ...names]);
      }
      await endProcessesIn(root);
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** Whether there is anything where machines are: hundreds of stores have none left. */
async function hasMachines(storePath: string): Promise<boolean> {
  try {
    return (await readdir(join(storePath, "machines"))).length > 0;
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return false;
    throw error;
  }
}
