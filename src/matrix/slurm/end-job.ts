import type { Context } from "../../core/context.ts";
import { messageOf } from "../../errors/message-of.ts";
import { followTasks } from "./follow-tasks.ts";
import type { Slurm } from "./slurm.ts";
import type { TaskState } from "./task-state.ts";

/** Slurm gives processes 30 seconds between SIGTERM and SIGKILL unless its KillWait says otherwise. */
const endTimeoutMs = 2 * 60_000;

/**
 * Cancels the job and waits until nothing of it runs any more, also after an interrupt. Where that does not work it is a
 * warning.
 * @returns whether it has ended
 */
export async function endJob(
  context: Pick<Context, "progress" | "warn">,
  slurm: Slurm,
  { job, taskCount }: { readonly job: string; readonly taskCount: number },
): Promise<boolean> {
  const signal = AbortSignal.timeout(endTimeoutMs);
  let running: readonly TaskState[] = [];
  try {
    await context.progress.step(`Cancelling Slurm's job ${job}`, async () => {
      await slurm.cancel(job, "all");
      await followTasks({
        ...{ taskCount, signal, maxSilenceMs: endTimeoutMs },
        read: (limited) => slurm.readTasks(job, limited),
        onNews: (states) => {
          running = states;
        },
        onEnd: async () => {},
      });
    });
    return true;
  } catch (error) {
    const states = [...new Set(running.map(({ state }) => state))].join(", ");
    const why = signal.aborted
      ? `has not ended within ${endTimeoutMs / 1000} s of being cancelled: ${states || "nothing is known of it"}`
      : `could not be cancelled: ${messageOf(error)}`;
    context.warn(`Slurm's job ${job} ${why}; cancel it with \`scancel ${job}\``);
    return false;
  }
}
