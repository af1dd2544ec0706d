import type { MachineRecord } from "../../../store/record.ts";
import { type Context, findProvider, operationFor } from "../../context.ts";
import type { OpenMachine } from "../open-machine.ts";

/** Whether the machine's address is known only once it runs, and may change from start to start. */
export async function isDynamic(
  context: Pick<Context, "providers">,
  { provider }: Pick<MachineRecord, "provider">,
): Promise<boolean> {
  return (await findProvider(context, provider.id)).capabilities.dynamicEndpoint;
}

/**
 * The address that a certificate is made for before the machine tells where it is: where that may
 * change, the last one that is known, or "" when none ever was.
 */
export async function addressToCertify(
  context: Context,
  { record, instance }: OpenMachine,
): Promise<string> {
  return (await isDynamic(context, record))
    ? (record.endpoint?.address ?? "")
    : (await instance.endpoint(operationFor(context))).address;
}
