import { messageOf } from "../../errors/message-of.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { Outcome } from "../report/outcome.ts";
import { consoleIn, hasComeUp, hasEndedByItself } from "./console-evidence.ts";

/** How a cell has ended, before what was expected of it is looked at. */
export interface Verdict {
  readonly outcome: Outcome;
  /** One line; empty for what passed. */
  readonly reason: string;
  readonly exitStatus?: number;
}

/**
 * How far a cell had come when an error ended it, since the same code means something else at each
 * stage: "images" while these are made, "boot" until its engine answers, "up" from then on.
 */
export type Mishap =
  | { readonly stage: "images" }
  | {
      readonly stage: "boot";
      /** What the kernel complained of. */
      readonly splats: readonly string[];
    }
  | {
      readonly stage: "up";
      readonly splats: readonly string[];
      /** Whether the machine still runs. */
      readonly isUp: boolean;
      /** Whether the engine answers, and is the one that it was. */
      readonly isEngineUp: boolean;
    };

/** The verdict on a cell whose workload an error kept from its end: what is not the cell's own doing is "infra". */
export function verdictOnError(error: unknown, mishap: Mishap): Verdict {
  const splat = decisiveSplat(error, mishap);
  if (splat !== undefined) return { outcome: "kernel-splat", reason: splat };
  const [reason = ""] = messageOf(error).split("\n", 1);
  if (!(error instanceof TsmachineError)) return { outcome: "infra", reason };
  const outcome = outcomeOf(error, mishap);
  return { outcome, reason: outcome === "infra" ? `${reason} [${error.code}]` : reason };
}

/** A complaint of the kernel explains what came after it; before the guest's first word it only failed to come up. */
function decisiveSplat(error: unknown, mishap: Mishap): string | undefined {
  if (mishap.stage === "images") return undefined;
  const isDecisive = mishap.stage === "up" || hasComeUp(consoleIn(error) ?? []);
  return isDecisive ? mishap.splats[0] : undefined;
}

function outcomeOf(error: TsmachineError, mishap: Mishap): Outcome {
  switch (mishap.stage) {
    case "images":
      return outcomeOfImages(error);
    case "boot":
      return outcomeOfBoot(error);
    case "up":
      return outcomeOfUse(error, mishap);
  }
}

function outcomeOfImages({ code }: TsmachineError): Outcome {
  switch (code) {
    case "KERNEL_UNSUITABLE":
      return "unsupported";
    // An archive that has no engine in it, whatever the kernel is.
    case "ENGINE_UNSUITABLE":
      return "engine-fail";
    default:
      return "infra";
  }
}

function outcomeOfBoot(error: TsmachineError): Outcome {
  const console = consoleIn(error);
  const outcome = hasComeUp(console ?? []) ? "engine-fail" : "boot-fail";
  switch (error.code) {
    case "ENGINE_FAILED":
      return "engine-fail";
    case "MACHINE_FAILED":
      return hasEndedByItself(error) ? outcome : "infra";
    // Downloads, QEMU's monitor and programs of this host have time limits, too, and no console.
    case "TIMEOUT":
      return console === undefined ? "infra" : outcome;
    // Whoever makes a machine takes its images from the cache once more.
    default:
      return outcomeOfImages(error);
  }
}

function outcomeOfUse(
  { code, context }: TsmachineError,
  { isUp, isEngineUp }: Extract<Mishap, { readonly stage: "up" }>,
): Outcome {
  switch (code) {
    // What the engine makes of the workload's archive, and the guest of its files, is the workload's matter.
    case "IMAGE_REFUSED":
    case "COPY_FAILED":
      return "fail";
    case "ENGINE_UNREACHABLE":
      if (isUp && !isEngineUp) return "engine-fail";
      // An archive that takes longer than it may, on an engine that is well.
      return isUp && context.isLate === true ? "timeout" : "infra";
    default:
      return "infra";
  }
}
