import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { endAgent } from "../agent/end-agent.ts";
import { type Context, operationFor } from "../context.ts";
import { openMachine } from "./open-machine.ts";
import type { Outcome } from "./power.ts";
import { requirePart } from "./require-part.ts";
import { requireSettled } from "./require-settled.ts";
import { requirePresent } from "./shut-down.ts";
import { withMachineLock } from "./with-machine-lock.ts";

/**
 * Saves a machine that runs, or is paused, to disk, containers and all; `startMachine` lets it go on where it was.
 * @throws TsmachineError CAPABILITY_MISSING, MACHINE_NOT_RUNNING, INSTANCE_MISSING, MACHINE_INCOMPLETE
 */
export async function suspendMachine(context: Context, name: string): Promise<Outcome> {
  return withMachineLock(context, name, async () => {
    const { record, instance } = await openMachine(context, name);
    const suspension = requirePart(instance.suspension, record, "be suspended");
    requireSettled(record);
    const power = await instance.power(operationFor(context));
    requirePresent(name, power);
    if (power === "suspended") return "unchanged";
    if (power !== "running" && power !== "paused") {
      throw new TsmachineError("MACHINE_NOT_RUNNING", `machine "${name}" is not running`, {
        hints: [`start it first with \`tsmachine start ${name}\``],
        context: { name },
      });
    }
    await context.progress.step(`Suspending machine "${name}"`, (step) =>
      suspension.suspend(operationFor(context, step)),
    );
    await endAgent(context, name);
    return "changed";
  });
}
