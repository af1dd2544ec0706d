import type { X509Certificate } from "node:crypto";
import type { Operation } from "../../providers/provider.ts";
import type { Context } from "../context.ts";
import { waitForEngine } from "../engine/wait-for-engine.ts";
import type { BootLimits } from "./boot.ts";
import { engineAddressOf, type OpenMachine } from "./open-machine.ts";

export interface MachineWait extends BootLimits {
  /** Milliseconds of the limit that are over; none unless given. */
  readonly waitedMs?: number;
  readonly operation: Operation;
  /** What its certificate must be for: its address unless given, or whatever address it has, its name. */
  readonly certifiedFor?: "address" | "name";
}

/**
 * Waits until the engine of a machine that runs, or comes up, answers this user.
 * @returns the certificate that it has shown
 * @throws TsmachineError those of engineAddressOf and waitForEngine
 */
export async function waitForMachine(
  context: Pick<Context, "store">,
  { record, instance }: OpenMachine,
  { bootTimeoutMs, waitedMs = 0, operation, certifiedFor = "address" }: MachineWait,
): Promise<X509Certificate> {
  const { name } = record;
  const address = await engineAddressOf(context, record);
  return waitForEngine({
    ...{ machine: name, instance, timeoutMs: bootTimeoutMs, waitedMs, operation },
    address: certifiedFor === "name" ? { ...address, certifiedName: name } : address,
  });
}
