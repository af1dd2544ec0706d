import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir, userInfo } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { slurmRoot } from "../../../scripts/verify/unpacked/slurm-root.ts";
import { poll } from "../../../src/host/poll.ts";
import { freeLoopbackPorts } from "../../../src/host/ports.ts";
import { isRunning, signalProcess } from "../../../src/host/processes/process-identity.ts";
import { run } from "../../../src/host/processes/run.ts";
import { type DetachedProcess, spawnDetached } from "../../../src/host/processes/spawn-detached.ts";
import { quoteWord } from "../../../src/ssh/remote-command.ts";
import { slurmConfiguration } from "./configuration.ts";

/** Where Debian's Slurm has been unpacked for tests. */
export const hasSlurm = existsSync(slurmRoot);

/** A real Slurm whose one node is this host, on loopback; this user is its administrator. */
export interface Cluster extends AsyncDisposable {
  /** The folder of Slurm's programs, for PATH. */
  readonly programs: string;
  /** What `squeue` prints of all tasks that have not ended: "17_1 RUNNING", a line for each. */
  queue(): Promise<string[]>;
  /** Runs one of Slurm's programs to a successful end. */
  call(program: string, ...words: string[]): Promise<string>;
}

const limits = { everyMs: 50, timeoutMs: 30_000, signal: new AbortController().signal };

/** On disposal its jobs and daemons have ended. */
export async function startCluster(): Promise<Cluster> {
  const folder = await mkdtemp(join(tmpdir(), "tsmachine-slurm-"));
  const programs = join(folder, "bin");
  const socket = join(folder, "munge.socket");
  await Promise.all(["bin", "state", "spool"].map((name) => mkdir(join(folder, name))));
  const plugins = dirname(await findInRoot("auth_munge.so"));
  const [controllerPort = 0, nodePort = 0] = await freeLoopbackPorts(2);
  const configuration = join(folder, "slurm.conf");
  const user = userInfo().username;
  await writeFile(
    configuration,
    slurmConfiguration({
      ...{ folder, socket, plugins, user, hostname: hostname(), controllerPort, nodePort },
    }),
  );
  const environment = {
    ...process.env,
    SLURM_CONF: configuration,
    LD_LIBRARY_PATH: [plugins, dirname(plugins)].join(delimiter),
  };
  for (const name of ["sbatch", "squeue", "scancel", "scontrol", "sinfo"]) {
    await writeWrapper(join(programs, name), join(slurmRoot, "usr/bin", name), environment);
  }
  const daemons: DetachedProcess[] = [];
  const start = async (name: string, words: readonly string[]) => {
    const logPath = join(folder, `${name}.out`);
    daemons.push(
      await spawnDetached(await daemonPath(name), words, { cwd: folder, logPath, environment }),
    );
  };
  const call = async (program: string, ...words: string[]) =>
    (await run(join(programs, program), words, { timeoutMs: limits.timeoutMs })).stdout;
  const queue = async () => {
    const printed = await call("squeue", "--noheader", "--array", "--format=%i %T");
    return printed.split("\n").filter((line) => line !== "");
  };
  const cluster: Cluster = {
    ...{ programs, queue, call },
    async [Symbol.asyncDispose]() {
      for (const { identity } of daemons.toReversed()) {
        if (identity === undefined) continue;
        await signalProcess(identity, "SIGTERM");
        await poll(async () => ((await isRunning(identity)) ? undefined : true), {
          ...{ ...limits, waitingFor: `the end of ${identity.pid}` },
        });
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
  try {
    await makeKey(join(folder, "munge.key"));
    await start("munged", [
      ...["--foreground", "--force", "--num-threads=2", `--socket=${socket}`],
      ...["key", "seed", "log", "pid"].map(
        (kind) => `--${kind}-file=${join(folder, `munge.${kind}`)}`,
      ),
    ]);
    await poll(async () => existsSync(socket) || undefined, {
      ...{ ...limits, waitingFor: "munged" },
    });
    await start("slurmctld", ["-D", "-f", configuration]);
    const step = await daemonPath("slurmstepd");
    await start("slurmd", ["-D", "-f", configuration, "-N", "node1", "-d", step]);
    await poll(
      async () => {
        const { stdout } = await run(join(programs, "sinfo"), ["--noheader", "--format=%T"], {
          ...{ acceptExitCodes: "all", timeoutMs: limits.timeoutMs },
        });
        return stdout.trim() === "idle" || undefined;
      },
      { ...limits, waitingFor: "the cluster's node" },
    );
    return cluster;
  } catch (error) {
    await cluster[Symbol.asyncDispose]();
    throw error;
  }
}

async function makeKey(path: string): Promise<void> {
  await writeFile(path, crypto.getRandomValues(new Uint8Array(128)), { mode: 0o600 });
}

/** Debian calls those of Slurm by other names where it offers several kinds of it. */
async function daemonPath(name: string): Promise<string> {
  const folder = join(slurmRoot, "usr/sbin");
  const found = [`${name}-wlm`, name]
    .map((file) => join(folder, file))
    .find((path) => existsSync(path));
  if (found === undefined) throw new Error(`there is no ${name} in ${folder}`);
  return found;
}

async function findInRoot(name: string): Promise<string> {
  const entries = await readdir(slurmRoot, { recursive: true });
  const found = entries.find((path) => path.endsWith(`/${name}`));
  if (found === undefined) throw new Error(`there is no ${name} in ${slurmRoot}`);
  return join(slurmRoot, found);
}

/** Users have what Slurm needs of the environment in places that it knows. */
async function writeWrapper(
  path: string,
  program: string,
  {
    SLURM_CONF,
    LD_LIBRARY_PATH,
  }: { readonly SLURM_CONF: string; readonly LD_LIBRARY_PATH: string },
): Promise<void> {
  const words = [`SLURM_CONF=${SLURM_CONF}`, `LD_LIBRARY_PATH=${LD_LIBRARY_PATH}`, program];
  await writeFile(path, `#!/bin/sh\nexec env ${words.map(quoteWord).join(" ")} "$@"\n`);
  await chmod(path, 0o755);
}
