/** What Slurm says of a task. */
export interface TaskState {
  /**
   * From 1 on. "others": all that have no state of their own, since tasks that were cancelled before they began
   * stay one record.
   */
  readonly task: number | "others";
  /** Slurm's word: "PENDING", "RUNNING", "NODE_FAIL". */
  readonly state: string;
  /** Why it is in that state: "Resources", "NonZeroExitCode", "None". */
  readonly reason: string;
  /** 128 plus the signal's number when a signal ended it; of no meaning while it runs. */
  readonly exitStatus: number;
}

/** Of the states that squeue(1) explains, those that no task leaves. One that is requeued is PENDING before anybody asks. */
const lastStates: ReadonlySet<string> = new Set([
  ...["BOOT_FAIL", "CANCELLED", "COMPLETED", "DEADLINE", "FAILED", "LAUNCH_FAILED", "NODE_FAIL"],
  ...["OUT_OF_MEMORY", "PREEMPTED", "RECONFIG_FAIL", "REVOKED", "TIMEOUT"],
]);

export function hasEnded({ state }: TaskState): boolean {
  return lastStates.has(state);
}

/** What is said of a task; undefined of one that was begun and is known no more. */
export function stateOf(
  task: number,
  states: readonly TaskState[],
  former: TaskState | undefined,
): TaskState | undefined {
  const own = states.find((one) => one.task === task);
  const wasBegun = former !== undefined && former.state !== "PENDING";
  return own ?? (wasBegun ? undefined : states.find((one) => one.task === "others"));
}

/** The fields that parseTaskStates reads, for squeue --Format. */
export const taskStateFormat = "ArrayTaskID:|,State:|,Reason:|,exit_code:|";

/**
 * The states in what `squeue --array --noheader --Format` has printed. Undefined where it is something else.
 * Exit codes are as wait(2) gives them.
 */
export function parseTaskStates(printed: string): readonly TaskState[] | undefined {
  const lines = printed.split("\n").filter((line) => line.trim() !== "");
  const states = lines.map(parseLine).filter((state) => state !== undefined);
  return states.length === lines.length ? states : undefined;
}

function parseLine(line: string): TaskState | undefined {
  const [, task, state, reason, code] =
    /^(\d+|N\/A)\|([A-Z_]+)\|([^|]*)\|(\d+)\|$/.exec(line) ?? [];
  if (task === undefined || state === undefined || reason === undefined) return undefined;
  const named = task === "N/A" ? "others" : Number(task);
  return { task: named, state, reason, exitStatus: exitStatusOf(Number(code)) };
}

/** As in WIFSIGNALED and WEXITSTATUS: the signal in the low seven bits, else the status above them. */
function exitStatusOf(code: number): number {
  const signal = code & 0x7f;
  return signal === 0 ? (code >> 8) & 0xff : 128 + signal;
}
