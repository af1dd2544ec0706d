import type { X509Certificate } from "node:crypto";
import { isCertifiedFor } from "../../../certs/certified-for.ts";
import { type Context, operationFor } from "../../context.ts";
import type { BootLimits } from "../boot.ts";
import { authorityFor } from "../given-authority.ts";
import { serverBundleFor } from "../identity.ts";
import { endpointOf, type OpenMachine } from "../open-machine.ts";
import { giveBundle } from "../provision/give-bundle.ts";
import { waitForMachine } from "../wait-for-machine.ts";
import { isDynamic } from "./dynamic.ts";

/**
 * Waits until the engine of a machine answers where its record says. Where that may change, the engine
 * may have come up with a certificate for the address of another start, or for none: there the
 * authority and the machine's name tell it from others.
 * @returns the certificate that it has shown
 * @throws TsmachineError those of waitForMachine
 */
export async function awaitEngine(
  context: Context,
  machine: OpenMachine,
  limits: BootLimits & {
    /** Milliseconds of the limit that are over; none unless given. */
    readonly waitedMs?: number;
  },
): Promise<X509Certificate> {
  const certifiedFor = (await isDynamic(context, machine.record)) ? "name" : "address";
  return context.progress.step("Waiting for the engine", (step) => {
    const operation = operationFor(context, step);
    return waitForMachine(context, machine, { ...limits, operation, certifiedFor });
  });
}

/**
 * Gives an engine that answers a certificate for its address, unless the one that it has shown is for
 * that. It is restarted with it.
 * @returns whether it was given one
 * @throws TsmachineError those of authorityFor and giveBundle
 */
export async function certifyAddress(
  context: Context,
  machine: OpenMachine,
  { certificate, bootTimeoutMs }: BootLimits & { readonly certificate: X509Certificate },
): Promise<boolean> {
  const { record } = machine;
  const { address } = endpointOf(record);
  if (!(await isDynamic(context, record)) || isCertifiedFor(certificate, address)) return false;
  const files = await context.store.readMachineFiles(record.name);
  const authorityFiles = await authorityFor(context, record, files);
  const bundle = await serverBundleFor(context, record, { address, files, authorityFiles });
  await giveBundle(context, machine, {
    ...{ bundle, authorityFiles, bootTimeoutMs },
    title: `Giving the engine a certificate for ${address}`,
  });
  return true;
}
