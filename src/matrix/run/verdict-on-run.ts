import type { Verdict } from "./verdict.ts";

/**
 * What has become of a machine while a workload ran. "restarted": without the guest's doing. "rebooted", "switched-off":
 * by its guest, in good order. "gone": it runs no more, and did not say so.
 */
export type Fate = "up" | "restarted" | "rebooted" | "switched-off" | "gone";

export interface RunEvidence {
  readonly captured: {
    /** Undefined when its time was over, or the connection was lost. */
    readonly exitStatus: number | undefined;
    /** Whether the connection to its machine was lost while it ran there. */
    readonly isLost?: boolean;
  };
  readonly timeoutMs: number;
  /** What the kernel complained of. */
  readonly splats: readonly string[];
  readonly fate: Fate;
  /** Whether the engine still answers, and is the one that it was: one that has ended is started again. */
  readonly isEngineUp: boolean;
  /** Why the kernel's messages could not be read, where they could not. */
  readonly unheard?: string | undefined;
}

/**
 * The verdict on a workload that ran. What became of the kernel outweighs whatever the workload makes of it, and
 * of a machine that is gone without a word nothing is known.
 */
export function verdictOnRun(evidence: RunEvidence): Verdict {
  const { exitStatus } = evidence.captured;
  const verdict = verdictOnMachine(evidence) ?? verdictOnEnd(evidence);
  return exitStatus === undefined ? verdict : { ...verdict, exitStatus };
}

/** Undefined for a machine that is as it was. */
function verdictOnMachine({ splats: [splat], fate }: RunEvidence): Verdict | undefined {
  if (splat !== undefined) return { outcome: "kernel-splat", reason: splat };
  switch (fate) {
    case "up":
      return undefined;
    // Processors do so when a kernel faults while it handles faults, and nothing can say it any more.
    case "restarted":
      return { outcome: "kernel-splat", reason: "the machine restarted while its workload ran" };
    case "rebooted":
      return { outcome: "fail", reason: "the machine was restarted by its workload" };
    case "switched-off":
      return { outcome: "fail", reason: "the machine was switched off by its workload" };
    case "gone":
      return { outcome: "infra", reason: "the machine ended while its workload ran" };
  }
}

function verdictOnEnd({ captured, timeoutMs, isEngineUp, unheard }: RunEvidence): Verdict {
  const { exitStatus, isLost = false } = captured;
  if (!isEngineUp) {
    return { outcome: "engine-fail", reason: "the engine ended while the workload ran" };
  }
  if (isLost) {
    return { outcome: "infra", reason: "the connection was lost while the workload ran" };
  }
  if (exitStatus === undefined) {
    const seconds = Math.round(timeoutMs / 1000);
    return { outcome: "timeout", reason: `the workload did not end within ${seconds} s` };
  }
  // What a kernel may have complained of is no pass.
  if (exitStatus === 0 && unheard !== undefined) {
    return { outcome: "infra", reason: `the kernel's messages cannot be read: ${unheard}` };
  }
  if (exitStatus === 0) return { outcome: "pass", reason: "" };
  return { outcome: "fail", reason: `the workload ended with status ${exitStatus}` };
}
