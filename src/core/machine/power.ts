import { endAgent } from "../agent/end-agent.ts";
import { ensureAgent } from "../agent/ensure-agent.ts";
import { type Context, operationFor } from "../context.ts";
import { publishDockerContext } from "../docker-contexts/docker-contexts.ts";
import { isMachineFailed } from "../engine/machine-failed.ts";
import { restoreImages } from "../images/images.ts";
import { type BootLimits, bootMachine } from "./boot.ts";
import { awaitEngine, certifyAddress } from "./endpoint/await-engine.ts";
import { isDynamic } from "./endpoint/dynamic.ts";
import { refreshEndpoint } from "./endpoint/refresh-endpoint.ts";
import { hasMoved } from "./endpoint/tell-move.ts";
import { isOff } from "./is-off.ts";
import { type OpenMachine, openMachine } from "./open-machine.ts";
import { isAdoptedAndAlready, requireOwned } from "./require-owned.ts";
import { setClock } from "./set-clock.ts";
import { defaultStopLimits, requirePresent, type StopLimits, shutDown } from "./shut-down.ts";
import { settleUpgrade } from "./upgrade/settle.ts";
import { withMachineLock } from "./with-machine-lock.ts";

/**
 * "unchanged": the machine was in the wanted state already. "moved": it was too, but at an address at
 * which it could not be used.
 */
export type Outcome = "changed" | "unchanged" | "moved";

/**
 * Starts the machine and waits until its engine answers; one that runs already is made good for the
 * address that it has by now. An upgrade that was interrupted is completed
 * or taken back first. One that runs already, though its creation
 * was interrupted, is waited for too and is whole from then on.
 * @throws TsmachineError INSTANCE_MISSING when its disk is gone; CAPABILITY_MISSING for a host that is
 *   only adopted; those of restoreImages, bootMachine and
 *   refreshEndpoint.
 */
export function startMachine(context: Context, name: string, limits: BootLimits): Promise<Outcome> {
  return withLock(context, name, async () => {
    if (await isAdoptedAndAlready(context, name, { change: "started", wanted: "running" })) {
      return "unchanged";
    }
    await settleUpgrade(context, name, limits);
    const { record, instance } = await openMachine(context, name);
    const power = await instance.power(operationFor(context));
    requirePresent(name, power);
    if (power === "running" && record.phase === "ready") {
      const outcome = await reachRunning(context, { record, instance }, limits);
      if (outcome !== undefined) return outcome;
    }
    await restoreImages(context, record);
    await bootMachine(context, name, limits);
    return "changed";
  });
}

/**
 * What there was to do until the engine of a machine that runs answers. One that boots is waited for;
 * one that goes down after an interrupted `stop` is waited for too, and comes to undefined.
 */
async function reachRunning(
  context: Context,
  machine: OpenMachine,
  limits: BootLimits,
): Promise<Outcome | undefined> {
  try {
    const { endpoint: from } = machine.record;
    const refreshed = await refreshEndpoint(context, machine, limits);
    const certificate = await awaitEngine(context, refreshed, limits);
    const isCertified = await certifyAddress(context, refreshed, { ...limits, certificate });
    const { record } = refreshed;
    if (isCertified) await publishDockerContext(context, record);
    await setClock(context, record);
    await ensureAgent(context, refreshed);
    const isMoved = (await isDynamic(context, record)) && hasMoved({ from, to: record.endpoint });
    return isCertified || isMoved ? "moved" : "unchanged";
  } catch (error) {
    const power = () => machine.instance.power(operationFor(context));
    if (isMachineFailed(error) && isOff(await power())) return undefined;
    throw error;
  }
}

/** Shuts the guest down, so that its containers can end in order; powers it off when it will not. */
export function stopMachine(
  context: Context,
  name: string,
  limits: StopLimits = defaultStopLimits,
): Promise<Outcome> {
  return withLock(context, name, async () => {
    if (await isAdoptedAndAlready(context, name, { change: "stopped", wanted: "stopped" })) {
      return "unchanged";
    }
    return shutDown(context, name, limits);
  });
}

/** Powers the machine off without asking the guest. */
export function killMachine(context: Context, name: string): Promise<Outcome> {
  return withLock(context, name, async () => {
    if (await isAdoptedAndAlready(context, name, { change: "killed", wanted: "stopped" })) {
      return "unchanged";
    }
    const { instance } = await openMachine(context, name);
    const power = await instance.power(operationFor(context));
    requirePresent(name, power);
    if (power === "stopped") return "unchanged";
    await context.progress.step(`Killing machine "${name}"`, (step) =>
      instance.stop("power-off", operationFor(context, step)),
    );
    await endAgent(context, name);
    return "changed";
  });
}

/** Shuts the machine down if it runs, and starts it. @throws as startMachine and stopMachine. */
export async function restartMachine(
  context: Context,
  name: string,
  limits: BootLimits & Partial<StopLimits>,
): Promise<void> {
  await withLock(context, name, async () => {
    await requireOwned(context, await context.store.readMachine(name), "restarted");
    await shutDown(context, name, { ...defaultStopLimits, ...limits });
    await settleUpgrade(context, name, limits);
    const { record } = await openMachine(context, name);
    await restoreImages(context, record);
    await bootMachine(context, name, limits);
  });
}

function withLock<T>(context: Context, name: string, action: () => Promise<T>): Promise<T> {
  return withMachineLock(context, name, async () => {
    await context.store.readMachine(name);
    return action();
  });
}
