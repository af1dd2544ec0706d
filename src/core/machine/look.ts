import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { urlHost } from "../../host/url-host.ts";
import type { MachineRecord } from "../../store/record.ts";
import { type Context, operationFor } from "../context.ts";
import { requireUnmoved } from "./endpoint/require-unmoved.ts";
import { endpointOf, type OpenMachine, openMachine } from "./open-machine.ts";
import { howToStart } from "./require-owned.ts";
import { type StatusReport, statusOf } from "./status.ts";

/** The machine's status now, from its record and its provider. */
export async function readStatus(
  context: Context,
  { record, instance }: OpenMachine,
): Promise<StatusReport> {
  const { phase, stage } = record;
  return statusOf({ phase, stage, power: await instance.power(operationFor(context)) });
}

export function engineUrl(record: MachineRecord): string {
  const { address, dockerPort, engineUrl } = endpointOf(record);
  if (engineUrl !== undefined) return engineUrl;
  return `tcp://${urlHost(address)}:${dockerPort}`;
}

/**
 * The machine, which must be running where its record says.
 * @throws TsmachineError MACHINE_NOT_RUNNING and those of openMachine and requireUnmoved.
 */
export async function openRunning(context: Context, name: string): Promise<OpenMachine> {
  const machine = await openMachine(context, name);
  const { status } = await readStatus(context, machine);
  if (status === "Running") {
    await requireUnmoved(context, machine);
    return machine;
  }
  throw new TsmachineError("MACHINE_NOT_RUNNING", `machine "${name}": Host is not running`, {
    hints: [await howToStart(context, machine.record)],
    context: { name, status },
  });
}
