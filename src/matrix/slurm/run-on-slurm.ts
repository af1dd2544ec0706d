import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Context } from "../../core/context.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { removeFolder } from "../../host/files/remove-folder.ts";
import { readResources } from "../../host/resources.ts";
import type { Cell, Matrix } from "../definition/matrix.ts";
import { shardsOf } from "../plan/shard.ts";
import { isFailure } from "../report/outcome.ts";
import { type Report, reportSchemaVersion } from "../report/report.ts";
import { sizeOfRun } from "../run/capacity.ts";
import { describeResult, describeStates } from "./describe.ts";
import { endJob } from "./end-job.ts";
import { followTasks } from "./follow-tasks.ts";
import { gatherReport } from "./gather-report.ts";
import { makeJobFolder } from "./job-folder.ts";
import { leaveJob } from "./leave-job.ts";
import { openSlurm, type Slurm, type SlurmHost } from "./slurm.ts";
import { readTaskResult, type TaskResult } from "./task-result.ts";
import { type TaskCommand, taskScript } from "./task-script.ts";

export interface SlurmOptions extends SlurmHost {
  /** How many tasks; one for each kernel unless given, and never more than there are cells. */
  readonly taskCount: number | undefined;
  /** How many cells a task tries at once. */
  readonly jobs: number;
  /** Whether tasks that have not begun are cancelled once a cell has not turned out as expected. */
  readonly failsFast: boolean;
  /** A folder that all nodes see by the same path; the job gets a new one in it. */
  readonly directory: string;
  /** Further words for sbatch. */
  readonly sbatchOptions: readonly string[];
  /** What runs the whole matrix on a node; a task's shard and report are added. */
  readonly command: TaskCommand;
  /** For the report. */
  readonly tsmachineVersion: string;
}

/** A job that has ended. */
export interface SlurmRun {
  readonly report: Report;
  /** The job's folder, with the tasks' own reports in it. */
  readonly directory: string;
  /** Removes that folder unless some task left no report; for when the report is where the user wants it. */
  dispose(): Promise<void>;
}

/** So long may the controller be away, such as for an upgrade. */
const maxSilenceMs = 10 * 60_000;

/**
 * Tries all cells of the matrix as tasks of a Slurm job array, and makes one report of theirs. When aborted, nothing of the job
 * is left in the queue, nor of its folder. When anything else goes wrong here, the job goes on, and hints say what may become of it.
 * @throws TsmachineError PROGRAM_MISSING, SLURM_FAILED, FILE_UNREADABLE, REPORT_CONFLICT; the signal's reason when aborted
 */
export async function runOnSlurm(
  context: Context,
  matrix: Matrix,
  options: SlurmOptions,
): Promise<SlurmRun> {
  const startedAt = context.now().toISOString();
  const slurm = await openSlurm(options);
  const host = await readResources();
  const shards = shardsOf(matrix.cells, taskCountFor(matrix.cells, options.taskCount));
  const directory = await makeJobFolder(options.directory, matrix.name);
  const results = await runTasks(context, shards, { slurm, directory, options });
  const tasks = shards.map((cells, index) => ({
    cells,
    result: results.get(index + 1) ?? { kind: "not begun" as const },
  }));
  const report = gatherReport(matrix.cells, tasks, {
    ...{ schemaVersion: reportSchemaVersion, tsmachineVersion: options.tsmachineVersion },
    ...{ name: matrix.name, startedAt, endedAt: context.now().toISOString() },
    host: {
      platform: options.platform,
      architecture: context.architecture,
      cpuCount: host.cpuCount,
      memoryMiB: Math.round(host.totalMemoryMiB),
    },
    ...{ results: [], kernelConfigs: {} },
  });
  const isWhole = tasks.every(({ result }) => result.kind !== "lost");
  if (!isWhole) context.warn(`what tasks without a report have printed is in ${directory}`);
  const dispose = async () => {
    if (isWhole) await removeFolder(directory);
  };
  return { report, directory, dispose };
}

/** With one for each kernel, each kernel's image is made once. */
function taskCountFor(cells: readonly Cell[], wanted: number | undefined): number {
  const kernels = new Set(cells.map(({ axes }) => axes.kernel));
  return Math.min(wanted ?? kernels.size, cells.length);
}

interface Submission {
  readonly slurm: Slurm;
  readonly directory: string;
  readonly options: SlurmOptions;
}

/** What became of each task, by its number. */
async function runTasks(
  context: Context,
  shards: readonly (readonly Cell[])[],
  { slurm, directory, options }: Submission,
): Promise<ReadonlyMap<number, TaskResult>> {
  const job = await submit(context, shards, { slurm, directory, options });
  const taskCount = shards.length;
  const results = new Map<number, TaskResult>();
  try {
    await context.progress.step(`Running Slurm's job ${job}`, (jobStep) =>
      followTasks({
        ...{ taskCount, signal: context.signal, maxSilenceMs },
        read: (signal) => slurm.readTasks(job, signal),
        onNews: (states) => jobStep.detail(describeStates(states)),
        onEnd: (ended) =>
          jobStep.step(`Task ${ended.task} of ${taskCount}`, async (step) => {
            const place = { directory, job, signal: context.signal, maxSilenceMs };
            const result = await readTaskResult(ended, place);
            results.set(ended.task, result);
            step.conclude(describeResult(result));
            if (options.failsFast && hasFailure(result)) await cancelPending(context, slurm, job);
          }),
      }),
    );
    return results;
  } catch (error) {
    if (!context.signal.aborted) throw leaveJob(context, error, { job, directory });
    if (await endJob(context, slurm, { job, taskCount })) await removeFolder(directory);
    throw error;
  }
}

async function submit(
  { signal }: Context,
  shards: readonly (readonly Cell[])[],
  { slurm, directory, options }: Submission,
): Promise<string> {
  const { jobs, command, sbatchOptions } = options;
  const taskCount = shards.length;
  const axes = shards.flat().map((cell) => cell.axes);
  const largestShard = Math.max(...shards.map(({ length }) => length));
  try {
    const script = join(directory, "task.sh");
    await writeFile(script, taskScript(command, { directory, taskCount }));
    signal.throwIfAborted();
    return await slurm.submit({
      ...{ name: basename(directory), directory, taskCount, script, options: sbatchOptions },
      ...sizeOfRun(axes, Math.min(jobs, largestShard)),
    });
  } catch (error) {
    await removeFolder(directory);
    throw error;
  }
}

/** What cannot be cancelled takes longer, and is no reason to lose the rest. */
async function cancelPending({ warn }: Context, slurm: Slurm, job: string): Promise<void> {
  try {
    await slurm.cancel(job, "pending");
  } catch (error) {
    if (!(error instanceof TsmachineError)) throw error;
    warn(`further tasks of Slurm's job ${job} could not be cancelled: ${error.message}`);
  }
}

function hasFailure(result: TaskResult): boolean {
  switch (result.kind) {
    case "reported":
      return result.file.report.results.some(({ outcome }) => isFailure(outcome));
    case "lost":
      return true;
    case "not begun":
      return false;
  }
}
