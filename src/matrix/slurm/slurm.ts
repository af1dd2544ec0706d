import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { findProgram } from "../../host/processes/find-program.ts";
import { type RunOptions, type RunResult, run } from "../../host/processes/run.ts";
import { environmentForSbatch, refuseOtherClusters } from "./environment.ts";
import { type JobRequest, sbatchArguments } from "./sbatch-arguments.ts";
import { parseTaskStates, type TaskState, taskStateFormat } from "./task-state.ts";

/** A cluster's Slurm by its own programs. */
export interface Slurm {
  /** The new job's number. It is not cancelled half-way: nobody would know the number then. @throws TsmachineError SLURM_FAILED */
  submit(request: JobRequest): Promise<string>;
  /** What the controller knows of the job's tasks; nothing of those it has forgotten. @throws TsmachineError SLURM_FAILED */
  readTasks(job: string, signal: AbortSignal): Promise<readonly TaskState[]>;
  /** Ends the job, or only what has not begun. What has ended is left alone. @throws TsmachineError SLURM_FAILED */
  cancel(job: string, which: "all" | "pending"): Promise<void>;
}

export interface SlurmHost {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
}

const programs = ["sbatch", "squeue", "scancel"] as const;

/** The programs try for some time by themselves to reach a controller that does not answer. */
const answerTimeoutMs = 2 * 60_000;

/** @throws TsmachineError PROGRAM_MISSING; INVALID_INPUT where the environment names other clusters */
export async function openSlurm(host: SlurmHost): Promise<Slurm> {
  refuseOtherClusters(host.environment);
  for (const program of programs) await requireProgram(program, host);
  const { environment } = host;
  return {
    async submit(request) {
      try {
        const { stdout } = await ask("sbatch", sbatchArguments(request), {
          environment: environmentForSbatch(environment),
        });
        return jobIn(stdout);
      } catch (error) {
        // Slurm may have it all the same.
        await ask("scancel", [`--name=${request.name}`], { environment }).catch(() => {});
        throw error;
      }
    },
    async readTasks(job, signal) {
      const words = ["--noheader", "--array", "--states=all", `--jobs=${job}`];
      const { stdout, stderr, exitCode } = await ask(
        ...(["squeue", [...words, `--Format=${taskStateFormat}`]] as const),
        { environment, signal, acceptExitCodes: [0, 1] },
      );
      if (exitCode === 0) return parsed(stdout);
      if (/invalid job id/i.test(stderr)) return [];
      throw refusal("squeue", stderr);
    },
    async cancel(job, which) {
      const states = which === "pending" ? ["--state=PENDING"] : [];
      await ask("scancel", ["--quiet", ...states, job], { environment });
    },
  };
}

async function requireProgram(program: string, host: SlurmHost): Promise<void> {
  if ((await findProgram(program, host)) !== undefined) return;
  throw new TsmachineError("PROGRAM_MISSING", `program ${program} is not on PATH`, {
    hints: [
      "run this on a host that submits jobs to the cluster, or install Slurm's programs there, on Debian with `apt install slurm-client`",
    ],
    context: { program },
  });
}

/** @throws TsmachineError SLURM_FAILED with the program's own words; the signal's reason */
async function ask(
  program: (typeof programs)[number],
  words: readonly string[],
  options: Pick<RunOptions, "environment" | "signal" | "acceptExitCodes">,
): Promise<RunResult> {
  const { acceptExitCodes = [0] } = options;
  const result = await runToEnd(program, words, options);
  if (acceptExitCodes === "all" || acceptExitCodes.includes(result.exitCode)) return result;
  throw refusal(program, result.stderr || `it ended with status ${result.exitCode}`);
}

async function runToEnd(
  program: string,
  words: readonly string[],
  options: Pick<RunOptions, "environment" | "signal">,
): Promise<RunResult> {
  try {
    return await run(program, words, {
      ...{ ...options, acceptExitCodes: "all", timeoutMs: answerTimeoutMs },
    });
  } catch (error) {
    if (!(error instanceof TsmachineError)) throw error;
    throw refusal(program, error.message, error);
  }
}

/** Programs tell in several lines what went wrong, the cause first: "sbatch: error: invalid partition specified: x". */
function refusal(program: string, printed: string, cause?: unknown): TsmachineError {
  const lines = printed.split("\n").map((line) => line.replace(/^\w+: (error: )?/, "").trim());
  const said = [...new Set(lines.filter((line) => line !== ""))].join("; ");
  return new TsmachineError("SLURM_FAILED", `Slurm's ${program} failed: ${said}`, {
    hints: [
      "see with `sinfo` what the cluster has, and ask for it with --slurm-option, as in --slurm-option=--partition=NAME",
    ],
    context: { program },
    cause,
  });
}

/** "17", or "17;cluster" in a federation. */
function jobIn(printed: string): string {
  const [, job] = /^(\d+)(?:;.*)?$/m.exec(printed) ?? [];
  if (job !== undefined) return job;
  throw refusal("sbatch", `it printed no number of a job: ${printed}`);
}

function parsed(printed: string): readonly TaskState[] {
  const states = parseTaskStates(printed);
  if (states !== undefined) return states;
  // Half an answer is followed by a whole one as soon as the controller is well again.
  throw new TsmachineError("SLURM_FAILED", `squeue printed no states of tasks: ${printed.trim()}`, {
    hints: ["use Slurm 22.05 or newer"],
  });
}
