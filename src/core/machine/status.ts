import type { PowerState } from "../../providers/provider.ts";
import type { MachineRecord } from "../../store/record.ts";

/** The words that docker-machine uses for a machine's state. */
export const statuses = [
  "Running",
  "Paused",
  "Saved",
  "Stopped",
  "Stopping",
  "Starting",
  "Error",
  "Timeout",
] as const;
export type Status = (typeof statuses)[number];

export interface StatusFacts {
  readonly phase: MachineRecord["phase"];
  readonly stage?: string | undefined;
  readonly power: PowerState;
}

export interface StatusReport {
  readonly status: Status;
  /** Why, when the machine is not as it should be. */
  readonly problem?: string;
}

/**
 * What users are shown of the facts. A machine runs for them once its engine has answered, which
 * ends its creation; whether a command is still at it or was killed makes no difference here.
 */
export function statusOf({ phase, stage, power }: StatusFacts): StatusReport {
  const when = stage === undefined ? "" : ` (stage: ${stage})`;
  if (phase === "removing") return { status: "Error", problem: `its removal has not ended${when}` };
  if (phase === "creating") {
    const isOn = power === "running" || power === "starting";
    return { status: isOn ? "Starting" : "Error", problem: `its creation has not ended${when}` };
  }
  if (power === "absent") return { status: "Error", problem: "its disk or folder is gone" };
  if (power === "crashed") return { status: "Error", problem: crashProblem };
  if (power === "unknown") return { status: "Error", problem: "its hypervisor does not answer" };
  return { status: statusByPower[power] };
}

const crashProblem =
  "its virtual processor has crashed; `start` starts it anew, `kill` powers it off";

const statusByPower = {
  running: "Running",
  starting: "Starting",
  stopped: "Stopped",
  stopping: "Stopping",
  paused: "Paused",
  suspended: "Saved",
} as const satisfies Record<Exclude<PowerState, "absent" | "crashed" | "unknown">, Status>;
