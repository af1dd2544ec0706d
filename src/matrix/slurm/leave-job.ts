import type { Context } from "../../core/context.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { withHints } from "../../errors/with-hints.ts";
import { mergeHint } from "./job-folder.ts";

/**
 * For when a job can be followed no more: it is healthy all the same, and its tasks need nobody here. A warning takes the
 * place of hints where the error shows none.
 * @returns the error, with hints to what may become of the job
 */
export function leaveJob(
  { warn }: Pick<Context, "warn">,
  error: unknown,
  { job, directory }: { readonly job: string; readonly directory: string },
): unknown {
  const hints = [
    `see with \`squeue --jobs=${job}\` whether Slurm's job ${job} goes on, or cancel it with \`scancel ${job}\``,
    `once it has ended, ${mergeHint(directory)}`,
  ];
  if (!(error instanceof TsmachineError)) {
    warn(`Slurm's job ${job} is followed no more: ${hints.join("; ")}`);
  }
  return withHints(error, hints);
}
