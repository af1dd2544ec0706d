import { sleep } from "../../../host/sleep.ts";
import type { Endpoint, Instance, Operation } from "../../../providers/provider.ts";
import { type Rise, waitWhileUp } from "../../engine/wait-while-up.ts";

const askEveryMs = 500;

/**
 * Waits until the instance of a machine that comes up has an address.
 * @throws TsmachineError TIMEOUT and MACHINE_FAILED, as waitWhileUp
 */
export function waitForAddress(rise: Rise): Promise<Endpoint> {
  const { machine, instance, operation } = rise;
  return waitWhileUp(rise, {
    come: (signal) => askUntilKnown(instance, { ...operation, signal }),
    event: "it had an address",
    lateness: `machine "${machine}" had no address`,
  });
}

async function askUntilKnown(instance: Instance, operation: Operation): Promise<Endpoint> {
  for (;;) {
    const begun = performance.now();
    const endpoint = await instance.endpoint(operation);
    if (endpoint.address !== "") return endpoint;
    // Some hypervisors are slow to ask; half of the time is enough for that.
    await sleep(Math.max(askEveryMs, performance.now() - begun), operation.signal);
  }
}
