import { TsmachineError } from "../../src/errors/tsmachine-error.ts";
import { examineQemu } from "../tsmachine.ts";
import { carryOut } from "./carry-out.ts";
import { type HostFacts, planQemu } from "./plan.ts";

/**
 * Sees to it that machines can run here.
 * @throws TsmachineError PROVIDER_NOT_READY with what the user has to do.
 */
export async function requireQemu(facts: HostFacts, signal: AbortSignal): Promise<void> {
  const before = await examineQemu(signal);
  const outcome = await carryOut(planQemu(before, facts), before.found, signal);
  const after =
    outcome.kind === "done" && before.verdict === "problem" ? await examineQemu(signal) : before;
  if (after.verdict !== "problem") return;
  throw new TsmachineError("PROVIDER_NOT_READY", after.found, {
    hints: [outcome.kind === "left" ? outcome.remedy : after.remedy],
  });
}
