import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { MachineRecord } from "../../store/record.ts";
import { type Context, operationFor } from "../context.ts";
import { askEngineVersion } from "../engine/ask-engine.ts";
import { endpointOf, engineAddressOf, type OpenMachine, openMachine } from "./open-machine.ts";
import { type StatusReport, statusOf } from "./status.ts";

/** What `ls` shows of a machine. */
export interface MachineRow {
  readonly name: string;
  readonly provider: string;
  readonly status: StatusReport["status"];
  /** Where the engine is: "tcp://127.0.0.1:34567"; empty unless the machine runs. */
  readonly url: string;
  /** "v26.1.5"; "Unknown" unless the engine answered. */
  readonly engineVersion: string;
  readonly error: string;
}

/** The machine's status now, from its record and its provider. */
export async function readStatus(
  context: Context,
  { record, instance }: OpenMachine,
): Promise<StatusReport> {
  return statusOf({ phase: record.phase, power: await instance.power(operationFor(context)) });
}

export function engineUrl(record: MachineRecord): string {
  const { address, dockerPort, engineUrl } = endpointOf(record);
  if (engineUrl !== undefined) return engineUrl;
  return `tcp://${address.includes(":") ? `[${address}]` : address}:${dockerPort}`;
}

/**
 * The machine, which must be running.
 * @throws TsmachineError MACHINE_NOT_RUNNING and those of openMachine.
 */
export async function openRunning(context: Context, name: string): Promise<OpenMachine> {
  const machine = await openMachine(context, name);
  const { status } = await readStatus(context, machine);
  if (status === "Running") return machine;
  throw new TsmachineError("MACHINE_NOT_RUNNING", `machine "${name}": Host is not running`, {
    hints: [`start it with \`tsmachine start ${name}\``],
    context: { name, status },
  });
}

/**
 * A row for each name, in that order. All machines are asked at once, each within its own limit; one
 * that is damaged, slow or dead has a row that says so.
 */
export function listMachines(
  context: Context,
  names: readonly string[],
  { timeoutMs }: { timeoutMs: number },
): Promise<MachineRow[]> {
  return Promise.all(names.map((name) => rowWithin(context, name, timeoutMs)));
}

async function rowWithin(context: Context, name: string, timeoutMs: number): Promise<MachineRow> {
  const expired = AbortSignal.timeout(timeoutMs);
  const limited = { ...context, signal: AbortSignal.any([context.signal, expired]) };
  try {
    // A provider may be slow to notice the signal.
    const { row, record } = await Promise.race([askProvider(limited, name), rejectOn(limited)]);
    if (row.status !== "Running") return row;
    const completed = await askEngine(limited, { row, record, timeoutMs });
    context.signal.throwIfAborted();
    return completed;
  } catch (error) {
    context.signal.throwIfAborted();
    if (expired.aborted) return { ...emptyRow(name), status: "Timeout" };
    return { ...emptyRow(name), error: error instanceof Error ? error.message : String(error) };
  }
}

interface Asked {
  readonly row: MachineRow;
  readonly record: MachineRecord;
}

async function askProvider(context: Context, name: string): Promise<Asked> {
  const machine = await openMachine(context, name);
  const { record } = machine;
  const { status, problem = "" } = await readStatus(context, machine);
  return {
    record,
    row: { ...emptyRow(name), provider: record.provider.id, status, error: problem },
  };
}

/** A machine whose engine is dead or slow runs all the same. */
async function askEngine(
  context: Context,
  { row, record, timeoutMs }: Asked & { readonly timeoutMs: number },
): Promise<MachineRow> {
  const found = { ...row, url: engineUrl(record) };
  try {
    const limits = { timeoutMs, signal: context.signal };
    const version = await askEngineVersion(await engineAddressOf(context, record), limits);
    return { ...found, engineVersion: `v${version}` };
  } catch (error) {
    if (context.signal.aborted) return { ...found, error: "its engine does not answer in time" };
    if (!(error instanceof TsmachineError)) throw error;
    return { ...found, error: error.message };
  }
}

function emptyRow(name: string): MachineRow {
  return { name, provider: "", status: "Error", url: "", engineVersion: "Unknown", error: "" };
}

function rejectOn({ signal }: Context): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
