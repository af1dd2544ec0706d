import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { PowerState } from "../../providers/provider.ts";
import type { MachineRecord } from "../../store/record.ts";
import { type Context, findProvider, operationFor } from "../context.ts";
import { openMachine } from "./open-machine.ts";

export type Change = "started" | "stopped" | "killed" | "restarted" | "upgraded" | "provisioned";

/**
 * Refuses to change a host that is only adopted.
 * @throws TsmachineError CAPABILITY_MISSING, with the change as `context.change`
 */
export async function requireOwned(
  context: Pick<Context, "providers">,
  record: Pick<MachineRecord, "name" | "provider">,
  change: Change,
): Promise<void> {
  if (await isOwned(context, record)) return;
  const { name, provider } = record;
  throw new TsmachineError(
    "CAPABILITY_MISSING",
    `hosts without a driver cannot be ${change} (machine "${name}", provider ${provider.id})`,
    {
      hints: ["do it on the host itself: tsmachine only knows the way to it"],
      context: { name, provider: provider.id, change },
    },
  );
}

/**
 * Whether a change of power is none, because the adopted host is as it is wanted. One of our own is
 * for the caller to look at: false.
 * @throws TsmachineError CAPABILITY_MISSING where an adopted host would have to change.
 */
export async function isAdoptedAndAlready(
  context: Context,
  name: string,
  { change, wanted }: { readonly change: Change; readonly wanted?: PowerState },
): Promise<boolean> {
  const { record, instance } = await openMachine(context, name);
  if (await isOwned(context, record)) return false;
  if (wanted !== undefined && (await instance.power(operationFor(context))) === wanted) return true;
  await requireOwned(context, record, change);
  return false;
}

/** Whether the machine is one of our own, and not a host that is only adopted. */
export async function isOwned(
  context: Pick<Context, "providers">,
  { provider }: Pick<MachineRecord, "provider">,
): Promise<boolean> {
  return (await findProvider(context, provider.id)).capabilities.ownsInstance;
}

/** What to tell the user of a machine that is off: only our own are started by us. */
export async function howToStart(
  context: Pick<Context, "providers">,
  record: Pick<MachineRecord, "name" | "provider">,
): Promise<string> {
  return (await isOwned(context, record))
    ? `start it with \`tsmachine start ${record.name}\``
    : "start it on the host itself: tsmachine only knows the way to it";
}
