import { type Context, operationFor } from "../../context.ts";
import { publishDockerContext } from "../../docker-contexts/docker-contexts.ts";
import type { BootLimits } from "../boot.ts";
import { addressToCertify } from "../endpoint/dynamic.ts";
import { refreshIfDynamic } from "../endpoint/refresh-endpoint.ts";
import { authorityFor } from "../given-authority.ts";
import { newServerBundle } from "../identity.ts";
import { isOff } from "../is-off.ts";
import { openMachine } from "../open-machine.ts";
import { requireAwake } from "../require-awake.ts";
import { requireOwned } from "../require-owned.ts";
import { requirePresent } from "../shut-down.ts";
import { withMachineLock } from "../with-machine-lock.ts";
import { giveBundle } from "./give-bundle.ts";
import type { ProvisionOutcome } from "./provision.ts";

/**
 * Gives the machine a new server certificate with the same names, and the client bundle that the
 * store has now. A machine that runs has it at once, by a restart of its engine; another one takes it
 * at its next start.
 * @throws TsmachineError CAPABILITY_MISSING for a host that is only adopted; MACHINE_NOT_RUNNING for one
 *   that is suspended; those of installInGuest.
 */
export function regenerateCertificates(
  context: Context,
  name: string,
  { bootTimeoutMs }: BootLimits,
): Promise<ProvisionOutcome> {
  return withMachineLock(context, name, async () => {
    const opened = await openMachine(context, name);
    await requireOwned(context, opened.record, "provisioned");
    const power = await opened.instance.power(operationFor(context));
    requirePresent(name, power);
    requireAwake(name, power);
    const limits = { bootTimeoutMs };
    const machine = power === "running" ? await refreshIfDynamic(context, opened, limits) : opened;
    const { record } = machine;
    const address = await addressToCertify(context, machine);
    const files = await context.store.readMachineFiles(name);
    const authorityFiles = await authorityFor(context, record, files);
    const bundle = await newServerBundle(context, record, { address, authorityFiles });
    const { ca, certificate, key } = authorityFiles;
    await context.store.writeMachineFiles(name, { ca, certificate, key });
    await publishDockerContext(context, record);
    if (isOff(power)) {
      const { certificate: serverCertificate, key: serverKey } = bundle;
      await context.store.writeMachineFiles(name, { serverCertificate, serverKey });
      return "stored";
    }
    const title = "Copying certs to the remote machine";
    await giveBundle(context, machine, { bundle, authorityFiles, bootTimeoutMs, title });
    return "provisioned";
  });
}
