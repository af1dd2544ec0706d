import { isDeepStrictEqual } from "node:util";
import type { Endpoint } from "../../../providers/provider.ts";
import { knownHostsLine } from "../../../ssh/host-key.ts";
import { type Context, operationFor } from "../../context.ts";
import type { BootLimits } from "../boot.ts";
import { atStage } from "../journal.ts";
import type { OpenMachine } from "../open-machine.ts";
import { sshAccessOf } from "../ssh-access.ts";
import { isDynamic } from "./dynamic.ts";
import { waitForAddress } from "./wait-for-address.ts";

/**
 * Waits until it is known where a machine that comes up is reached, and stores that. Others than those
 * of dynamic endpoints are where their start has said.
 * @throws TsmachineError those of waitForAddress
 */
export async function locateMachine(
  context: Context,
  machine: OpenMachine,
  { bootTimeoutMs }: BootLimits,
): Promise<OpenMachine> {
  const { record, instance } = machine;
  if (!(await isDynamic(context, record))) return machine;
  const endpoint = await context.progress.step("Waiting for an address", (step) =>
    waitForAddress({
      ...{ machine: record.name, instance, timeoutMs: bootTimeoutMs },
      operation: operationFor(context, step),
    }),
  );
  const isKnown = record.phase === "ready" && isDeepStrictEqual(record.endpoint, { ...endpoint });
  return isKnown ? machine : storeEndpoint(context, machine, endpoint);
}

/**
 * Stores where the machine is reached. The record is written last: what it says must be true of
 * known_hosts too.
 */
export async function storeEndpoint(
  { store }: Context,
  { record, instance }: OpenMachine,
  endpoint: Endpoint,
): Promise<OpenMachine> {
  const updated = atStage({ ...record, endpoint: { ...endpoint } }, "engine");
  await store.writeMachineFiles(record.name, { knownHosts: knownHostsLine(sshAccessOf(updated)) });
  await store.writeMachine(updated);
  return { record: updated, instance };
}
