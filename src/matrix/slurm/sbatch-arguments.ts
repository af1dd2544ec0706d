import { taskFiles } from "./task-files.ts";

export interface JobRequest {
  /** One that no other job has. */
  readonly name: string;
  /** Absolute, and the same on all nodes. */
  readonly directory: string;
  readonly taskCount: number;
  /** What each task needs. */
  readonly memoryMiB: number;
  readonly cpuCount: number;
  /** The user's own words for sbatch: where they say otherwise, they count. */
  readonly options: readonly string[];
  /** The path of the script. */
  readonly script: string;
}

/**
 * Words for sbatch(1), for a job array with a task for each part of a matrix. On the command line, because there they
 * outdo what the user's environment says; of two the later one counts.
 */
export function sbatchArguments(request: JobRequest): string[] {
  const { name, directory, taskCount, memoryMiB, cpuCount, options, script } = request;
  // In names of files sbatch replaces what begins with a percent sign.
  const { output } = taskFiles(directory.replaceAll("%", "%%"), "%a");
  return [
    ...["--parsable", `--job-name=${name}`, `--array=1-${taskCount}`],
    ...["--nodes=1", "--ntasks=1", `--cpus-per-task=${cpuCount}`, `--mem=${memoryMiB}M`],
    `--output=${output}`,
    ...options,
    script,
  ];
}
