import { isDeepStrictEqual } from "node:util";
import { type Context, operationFor } from "../../context.ts";
import { publishDockerContext } from "../../docker-contexts/docker-contexts.ts";
import type { BootLimits } from "../boot.ts";
import { type OpenMachine, openRecord } from "../open-machine.ts";
import { isDynamic } from "./dynamic.ts";
import { locateMachine, storeEndpoint } from "./locate.ts";
import { tellMove } from "./tell-move.ts";

/**
 * Brings what is stored of a machine that runs up to date with where it is reached: a start that was
 * killed may have chosen other ports, and a dynamic endpoint may have changed by itself. The user is
 * told. The caller holds the machine's lock.
 * @throws TsmachineError those of locateMachine
 */
export async function refreshEndpoint(
  context: Context,
  machine: OpenMachine,
  limits: BootLimits,
): Promise<OpenMachine> {
  const refreshed = (await isDynamic(context, machine.record))
    ? await locateMachine(context, machine, limits)
    : await refreshStatic(context, machine);
  const { record } = refreshed;
  const isPublished = await publishDockerContext(context, record);
  const move = { from: machine.record.endpoint, to: record.endpoint };
  tellMove(context, record, { ...move, isPublished });
  return refreshed;
}

/** The machine, which runs, as refreshEndpoint has it where its endpoint may change by itself. */
export async function refreshIfDynamic(
  context: Context,
  machine: OpenMachine,
  limits: BootLimits,
): Promise<OpenMachine> {
  return (await isDynamic(context, machine.record))
    ? refreshEndpoint(context, machine, limits)
    : machine;
}

async function refreshStatic(
  context: Context,
  { record, instance }: OpenMachine,
): Promise<OpenMachine> {
  const operation = operationFor(context);
  const isKnown = isDeepStrictEqual(record.endpoint, { ...(await instance.endpoint(operation)) });
  if (isKnown) return { record, instance };
  const provided = await instance.start(operation);
  const changed = { ...record, provider: { ...record.provider, record: provided } };
  const started = await openRecord(context, changed);
  return storeEndpoint(context, started, await started.instance.endpoint(operation));
}
