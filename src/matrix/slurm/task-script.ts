import { quoteWord } from "../../ssh/remote-command.ts";
import { taskFiles } from "./task-files.ts";

/** What runs the whole matrix, in two parts: what is a task's own comes between them. */
export interface TaskCommand {
  /** The program and its words, up to the flags. */
  readonly before: readonly [string, ...string[]];
  /** The definition, or what stands for it. */
  readonly after: readonly string[];
}

/** Stands for a task's number, which only Slurm knows: no word of a command has a NUL in it. */
const taskNumber = "\0";

/**
 * The script of sh(1) that Slurm runs for each task of a job array: the command with the shard and the report's file of that
 * task. The command takes the shell's place, so that Slurm's SIGTERM is its own.
 */
export function taskScript(
  { before, after }: TaskCommand,
  { directory, taskCount }: { readonly directory: string; readonly taskCount: number },
): string {
  const { report } = taskFiles(directory, taskNumber);
  const flags = [`--shard=${taskNumber}/${taskCount}`, `--json=${report}`];
  const words = [...before, ...flags, ...after].map(quoteWithNumber);
  return `#!/bin/sh\n# A task of \`tsmachine matrix run --executor slurm\`: one part of the matrix.\nexec ${words.join(" ")}\n`;
}

function quoteWithNumber(word: string): string {
  return word.split(taskNumber).map(quoteWord).join('"$SLURM_ARRAY_TASK_ID"');
}
