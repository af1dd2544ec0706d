import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { type Context, operationFor } from "../../context.ts";
import type { BootLimits } from "../boot.ts";
import { awaitEngine } from "../endpoint/await-engine.ts";
import { refreshIfDynamic } from "../endpoint/refresh-endpoint.ts";
import { openMachine } from "../open-machine.ts";
import { commitSwap, revertSwap } from "./swap-engine.ts";

/**
 * Ends an upgrade whose process was killed: where the new engine runs and answers, it stays;
 * otherwise the machine is powered off and has its former engine again. The caller holds the
 * machine's lock.
 */
export async function settleUpgrade(
  context: Context,
  name: string,
  limits: BootLimits,
): Promise<void> {
  const { upgrade } = await context.store.readMachine(name);
  if (upgrade === undefined) return;
  if (await hasNewEngine(context, name, limits)) {
    await commitSwap(context, name);
    return;
  }
  await powerOff(context, name);
  await revertSwap(context, name);
  context.warn(
    `the upgrade of machine "${name}" was interrupted; it has its former engine again, upgrade it with \`tsmachine upgrade ${name}\``,
  );
}

/** Powers the machine off unless it is. */
export async function powerOff(context: Context, name: string): Promise<void> {
  const { instance } = await openMachine(context, name);
  const power = await instance.power(operationFor(context));
  if (power === "stopped" || power === "absent") return;
  await instance.stop("power-off", operationFor(context));
}

async function hasNewEngine(context: Context, name: string, limits: BootLimits): Promise<boolean> {
  const machine = await openMachine(context, name);
  if ((await machine.instance.power(operationFor(context))) !== "running") return false;
  try {
    await awaitEngine(context, await refreshIfDynamic(context, machine, limits), limits);
    return true;
  } catch (error) {
    if (error instanceof TsmachineError) return false;
    throw error;
  }
}
