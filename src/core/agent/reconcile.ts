import { isDeepStrictEqual } from "node:util";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { Forward, Forwards, Operation } from "../../providers/provider.ts";
import { keyOf } from "./published-ports.ts";

/** Why forwards that are wanted are not there, by `keyOf` each. */
export type ForwardProblems = ReadonlyMap<string, string>;

/**
 * Makes the instance's forwards those that are wanted. It asks the instance which there are, so that
 * nothing of an agent that was killed stays, and none that a restart has taken is missed. One that this
 * host does not allow hinders no other.
 * @throws what else keeps the instance from answering
 */
export async function reconcile(
  forwards: Forwards,
  wanted: readonly Forward[],
  operation: Operation,
): Promise<ForwardProblems> {
  const present = await forwards.list(operation);
  // First those that go: a port may be wanted for another port of the guest.
  for (const surplus of without(present, wanted)) await forwards.remove(surplus, operation);
  const problems = new Map<string, string>();
  for (const missing of without(wanted, present)) {
    try {
      await forwards.add(missing, operation);
    } catch (error) {
      if (!(error instanceof TsmachineError) || error.code !== "PORT_UNAVAILABLE") throw error;
      problems.set(keyOf(missing), error.message);
    }
  }
  return problems;
}

function without(all: readonly Forward[], others: readonly Forward[]): readonly Forward[] {
  return all.filter((one) => !others.some((other) => isDeepStrictEqual(one, other)));
}
