import type { Operation } from "../../providers/provider.ts";
import type { Context } from "../context.ts";
import { waitForEngine } from "../engine/wait-for-engine.ts";
import type { BootLimits } from "./boot.ts";
import { engineAddressOf, type OpenMachine } from "./open-machine.ts";

/**
 * Waits until the engine of a machine that runs, or comes up, answers this user.
 * @throws TsmachineError those of engineAddressOf and waitForEngine
 */
export async function waitForMachine(
  context: Pick<Context, "store">,
  { record, instance }: OpenMachine,
  { bootTimeoutMs, operation }: BootLimits & { readonly operation: Operation },
): Promise<void> {
  const address = await engineAddressOf(context, record);
  await waitForEngine({
    ...{ machine: record.name, instance, address },
    ...{ timeoutMs: bootTimeoutMs, operation },
  });
}
