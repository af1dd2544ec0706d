import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { poll } from "../../host/poll.ts";
import type { Instance, Operation, PowerState } from "../../providers/provider.ts";
import { endAgent } from "../agent/end-agent.ts";
import { type Context, operationFor } from "../context.ts";
import { isOff } from "./is-off.ts";
import { openMachine } from "./open-machine.ts";
import type { Outcome } from "./power.ts";

export interface StopLimits {
  /** Milliseconds that the guest has to shut down before it is powered off. */
  readonly shutdownTimeoutMs: number;
}

/** Containers get 10 s from the engine before they are killed, several times over under emulation. */
export const defaultStopLimits: StopLimits = { shutdownTimeoutMs: 90_000 };

/**
 * Shuts the machine down if it runs. The caller holds its lock.
 * @throws TsmachineError INSTANCE_MISSING when its disk is gone; those of Instance.stop.
 */
export async function shutDown(
  context: Context,
  name: string,
  limits: StopLimits,
): Promise<Outcome> {
  const { instance } = await openMachine(context, name);
  const power = await instance.power(operationFor(context));
  requirePresent(name, power);
  if (power === "stopped") return "unchanged";
  await context.progress.step(`Stopping machine "${name}"`, async (step) => {
    const operation = operationFor(context, step);
    const last = isListening(power) ? await askToShutDown(instance, operation, limits) : power;
    if (last === "stopped") return;
    if (last === "suspended") {
      context.warn(
        `machine "${name}" was suspended, and its memory is thrown away: its containers end as by a power cut`,
      );
    } else step.detail("it does not shut down; powering it off");
    await instance.stop("power-off", operation);
  });
  await endAgent(context, name);
  return "changed";
}

/** Whether there is a guest that could heed the power button; one that is paused goes on for that. */
function isListening(power: PowerState): boolean {
  return ["running", "starting", "stopping", "paused"].includes(power);
}

/** What it has come to; undefined when it goes on running. A `suspend` that was cancelled may still have saved it. */
async function askToShutDown(
  instance: Instance,
  operation: Operation,
  { shutdownTimeoutMs }: StopLimits,
): Promise<PowerState | undefined> {
  await instance.stop("shutdown", operation);
  try {
    const ended = async () => {
      const power = await instance.power(operation);
      return isOff(power) || power === "suspended" ? power : undefined;
    };
    return await poll(ended, {
      ...{ waitingFor: "the guest to shut down", everyMs: 200 },
      ...{ timeoutMs: shutdownTimeoutMs, signal: operation.signal },
    });
  } catch (error) {
    if (error instanceof TsmachineError && error.code === "TIMEOUT") return undefined;
    throw error;
  }
}

/** @throws TsmachineError INSTANCE_MISSING */
export function requirePresent(name: string, power: PowerState): void {
  if (power !== "absent") return;
  throw new TsmachineError("INSTANCE_MISSING", `machine "${name}" has lost its disk`, {
    hints: [`remove it with \`tsmachine rm -f ${name}\`, then create it again`],
  });
}
