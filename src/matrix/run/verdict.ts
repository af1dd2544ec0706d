import { guestPrefix } from "../../core/engine/machine-failed.ts";
import { messageOf } from "../../errors/message-of.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { Captured } from "../../host/processes/run-captured.ts";
import type { Outcome } from "../report/outcome.ts";

/** How a cell has ended, before what was expected of it is looked at. */
export interface Verdict {
  readonly outcome: Outcome;
  /** One line; empty for what passed. */
  readonly reason: string;
  readonly exitStatus?: number;
}

/** The verdict on a machine that could not be made: everything that is not the cell's own doing is "infra". */
export function verdictOnError(error: unknown): Verdict {
  const reason = firstLine(messageOf(error));
  if (!(error instanceof TsmachineError)) return { outcome: "infra", reason };
  switch (error.code) {
    case "KERNEL_UNSUITABLE":
    case "ENGINE_UNSUITABLE":
      return { outcome: "unsupported", reason };
    // What the engine makes of the workload's archive, and the guest of its files, is the workload's matter.
    case "IMAGE_REFUSED":
    case "COPY_FAILED":
      return { outcome: "fail", reason };
    case "ENGINE_FAILED":
      return { outcome: "engine-fail", reason };
    case "MACHINE_FAILED":
    case "TIMEOUT":
      return { outcome: cameUp(error) ? "engine-fail" : "boot-fail", reason };
    default:
      return { outcome: "infra", reason: `${reason} [${error.code}]` };
  }
}

/** The verdict on a machine that came up and could not be used further. A kernel's complaint explains that. */
export function verdictOnLoss(error: unknown, splats: readonly string[]): Verdict {
  const [splat] = splats;
  if (splat !== undefined) return { outcome: "kernel-splat", reason: splat };
  // It has come up: what it does not do in its time afterwards says nothing of its start.
  const isLate = error instanceof TsmachineError && error.code === "TIMEOUT";
  return isLate ? { outcome: "infra", reason: firstLine(error.message) } : verdictOnError(error);
}

/** The guest's first own word on the console is the kernel's last of its start. */
function cameUp({ context }: TsmachineError): boolean {
  const { console } = context;
  return Array.isArray(console) && console.some((line) => String(line).startsWith(guestPrefix));
}

export interface RunEvidence {
  readonly captured: Captured;
  readonly timeoutMs: number;
  /** What the kernel complained of. */
  readonly splats: readonly string[];
  /** Whether the machine still runs. */
  readonly isUp: boolean;
}

/**
 * The verdict on a workload that ran. A kernel's complaint outweighs whatever the workload makes of it,
 * and of a machine that is gone without one nothing is known.
 */
export function verdictOnRun({ captured, timeoutMs, splats, isUp }: RunEvidence): Verdict {
  const { exitStatus } = captured;
  const status = exitStatus === undefined ? {} : { exitStatus };
  const [splat] = splats;
  if (splat !== undefined) return { outcome: "kernel-splat", reason: splat, ...status };
  if (!isUp) {
    return { outcome: "infra", reason: "the machine ended while its workload ran", ...status };
  }
  if (exitStatus === undefined) {
    const seconds = Math.round(timeoutMs / 1000);
    return { outcome: "timeout", reason: `the workload did not end within ${seconds} s` };
  }
  if (exitStatus === 0) return { outcome: "pass", reason: "", ...status };
  return { outcome: "fail", reason: `the workload ended with status ${exitStatus}`, ...status };
}

/** What is expected to fail turns out as that; of what nothing is known it stays so. */
export function withExpectation(verdict: Verdict, xfail: string | undefined): Verdict {
  if (xfail === undefined) return verdict;
  switch (verdict.outcome) {
    case "infra":
    case "not-run":
      return verdict;
    case "pass":
      return { ...verdict, outcome: "unexpected-pass", reason: `expected to fail: ${xfail}` };
    default:
      return { ...verdict, outcome: "expected-fail" };
  }
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
