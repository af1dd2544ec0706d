import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { Instance } from "../../providers/provider.ts";
import { invalidRecord } from "../../store/invalid-record.ts";
import type { MachineRecord } from "../../store/record.ts";
import { type Context, findProvider } from "../context.ts";
import type { EngineAddress } from "../engine/ask-engine.ts";
import { placesOf } from "./places.ts";

export interface OpenMachine {
  readonly record: MachineRecord;
  readonly instance: Instance;
}

/** What it takes to open a machine. */
export type OpeningContext = Pick<Context, "store" | "providers" | "templates">;

/** @throws TsmachineError of Store.readMachine and Provider.open; RECORD_INVALID, PROVIDER_UNKNOWN */
export async function openMachine(context: OpeningContext, name: string): Promise<OpenMachine> {
  return openRecord(context, await context.store.readMachine(name));
}

/** @throws TsmachineError of Provider.open; RECORD_INVALID, PROVIDER_UNKNOWN */
export async function openRecord(
  context: OpeningContext,
  record: MachineRecord,
): Promise<OpenMachine> {
  const { name } = record;
  const provider = await findProvider(context, record.provider.id);
  if (provider.capabilities.bootsIso && record.images === undefined) {
    const path = context.store.machineLayout(name).record;
    throw invalidRecord("images: missing", { name, path });
  }
  const places = await placesOf(context, record);
  return { record, instance: provider.open(record.provider.record, places) };
}

/**
 * How the machine's engine is reached by this user.
 * @throws TsmachineError MACHINE_NOT_STARTED before its first start; MACHINE_INCOMPLETE when
 *   certificates are gone; ENGINE_UNREACHABLE where its URL names no TCP port.
 */
export async function engineAddressOf(
  { store }: Pick<Context, "store">,
  record: MachineRecord,
): Promise<EngineAddress> {
  const wanted = ["ca", "certificate", "key"] as const;
  const { ca, certificate, key } = await store.readMachineFiles(record.name, wanted);
  if (ca === undefined || certificate === undefined || key === undefined) {
    throw machineIncomplete(record.name, "its client certificate");
  }
  const { address, dockerPort, engineUrl } = endpointOf(record);
  if (dockerPort === undefined) throw engineNotOnTcp(record.name, engineUrl);
  return { endpoint: { address, dockerPort }, bundle: { ca, certificate, key } };
}

/** @throws TsmachineError MACHINE_NOT_STARTED */
export function endpointOf({ name, endpoint }: MachineRecord) {
  if (endpoint !== undefined) return endpoint;
  throw new TsmachineError("MACHINE_NOT_STARTED", `machine "${name}" has never been started`, {
    hints: [
      `start it with \`tsmachine start ${name}\`, or remove it with \`tsmachine rm ${name}\``,
    ],
  });
}

function engineNotOnTcp(name: string, url: string | undefined): TsmachineError {
  return new TsmachineError(
    "ENGINE_UNREACHABLE",
    `the engine of machine "${name}" cannot be asked: its URL "${url}" names no host with TLS`,
    {
      hints: [
        `remove it with \`tsmachine rm ${name}\`, then create it with a URL such as tcp://192.0.2.1:2376`,
      ],
      context: { name, url },
    },
  );
}

export function machineIncomplete(name: string, what: string): TsmachineError {
  return new TsmachineError("MACHINE_INCOMPLETE", `machine "${name}" lacks ${what}`, {
    hints: [`remove it with \`tsmachine rm -f ${name}\`, then create it again`],
    context: { name },
  });
}
