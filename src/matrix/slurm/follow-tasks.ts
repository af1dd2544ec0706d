import { sleep } from "../../host/sleep.ts";
import { patiently } from "./patiently.ts";
import { hasEnded, stateOf, type TaskState } from "./task-state.ts";

/** A task that runs no more. */
export interface EndedTask {
  readonly task: number;
  /** What Slurm said of it last; undefined where it was never asked in time. */
  readonly last: TaskState | undefined;
}

export interface Following {
  readonly taskCount: number;
  /** Asks Slurm. */
  read(signal: AbortSignal): Promise<readonly TaskState[]>;
  readonly signal: AbortSignal;
  /** What is known of the tasks that go on, whenever Slurm was asked. */
  onNews(states: readonly TaskState[]): void;
  /** Once for each task; the next question waits for it. */
  onEnd(ended: EndedTask): Promise<void>;
  /** How long Slurm may give no answer, in milliseconds. */
  readonly maxSilenceMs: number;
}

/** Soon at first, and ever less often, so that a cluster's controller hears little of jobs that take hours. */
const shortestPauseMs = 500;
const longestPauseMs = 10_000;
const shareOfTime = 0.05;

/**
 * Asks Slurm until all tasks have ended. What it has forgotten has ended, too: it forgets some minutes after the end.
 * @throws TsmachineError SLURM_FAILED once it has given no answer for too long; the signal's reason
 */
export async function followTasks(following: Following): Promise<void> {
  const { taskCount, read, signal, onNews, onEnd } = following;
  const begunMs = performance.now();
  const open = new Map<number, TaskState | undefined>();
  for (let task = 1; task <= taskCount; task += 1) open.set(task, undefined);
  for (;;) {
    const states = await patiently(() => read(signal), following);
    for (const [task, former] of open) {
      const state = stateOf(task, states, former);
      if (state !== undefined) open.set(task, state);
      if (state !== undefined && !hasEnded(state)) continue;
      open.delete(task);
      await onEnd({ task, last: state ?? former });
    }
    if (open.size === 0) return;
    onNews([...open.values()].filter((state) => state !== undefined));
    await sleep(pauseAfter(performance.now() - begunMs), signal);
  }
}

function pauseAfter(elapsedMs: number): number {
  return Math.min(longestPauseMs, Math.max(shortestPauseMs, elapsedMs * shareOfTime));
}
