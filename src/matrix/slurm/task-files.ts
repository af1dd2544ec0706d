import { join } from "node:path";

/** What tasks leave in the job's folder. */
export interface TaskFiles {
  readonly report: string;
  /** Both streams of what it printed. */
  readonly output: string;
}

/** @param task its number, from 1 on, or what stands for it */
export function taskFiles(directory: string, task: number | string): TaskFiles {
  return { report: join(directory, `${task}.json`), output: join(directory, `${task}.out`) };
}
