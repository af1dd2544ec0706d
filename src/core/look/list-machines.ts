import { messageOf } from "../../errors/message-of.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { MachineRecord } from "../../store/record.ts";
import { agentFiles, readAgentNotes } from "../agent/agent-files.ts";
import { ensureAgent } from "../agent/ensure-agent.ts";
import type { Context } from "../context.ts";
import { askEngineVersion } from "../engine/ask-engine.ts";
import { isDynamic } from "../machine/endpoint/dynamic.ts";
import { howToFind, requireUnmoved } from "../machine/endpoint/require-unmoved.ts";
import { engineUrl, readStatus } from "../machine/look.ts";
import { engineAddressOf, openRecord } from "../machine/open-machine.ts";
import type { Status } from "../machine/status.ts";
import { type Candidate, readCandidates } from "./candidates.ts";
import { driverNameOf } from "./driver-name.ts";
import { filterCandidates, type MachineFilters, passesStates } from "./filters.ts";
import { describeSwarm, swarmMastersOf } from "./swarm.ts";
import { withinLimit } from "./within-limit.ts";

/** What `ls` shows of a machine. */
export interface MachineRow {
  readonly name: string;
  /** The provider's id. */
  readonly provider: string;
  /** The provider as the user named it. */
  readonly driver: string;
  readonly status: Status;
  /** Where the engine is: "tcp://127.0.0.1:34567"; empty unless the machine runs. */
  readonly url: string;
  /** "leader (master)", "leader" for its nodes, empty without classic Swarm. */
  readonly swarm: string;
  /** "v26.1.5"; "Unknown" unless the engine answered. */
  readonly engineVersion: string;
  readonly error: string;
  /** How long it took to learn all this. */
  readonly responseMs: number;
  /** Absent when it cannot be read. */
  readonly record?: MachineRecord;
}

export interface ListRequest {
  readonly filters: MachineFilters;
  /** For each machine. */
  readonly timeoutMs: number;
  /** "status": engines are left alone, unless it is asked which machines are slow. */
  readonly wanted: "status" | "status and engine";
}

/**
 * A row for each machine that passes the filters, in natural order. All are asked at once, each within
 * its own limit; one that is damaged, slow or dead has a row that says so.
 */
export async function listMachines(context: Context, request: ListRequest): Promise<MachineRow[]> {
  const candidates = await readCandidates(context);
  const masters = swarmMastersOf(candidates);
  const chosen = await filterCandidates(context, candidates, request.filters);
  const rows = chosen.map((candidate) => {
    const swarm = describeSwarm(candidate, masters);
    return probe(context, { ...startOf(candidate), swarm }, request);
  });
  return (await Promise.all(rows)).flatMap((row) => row ?? []);
}

/** Names of the machines that pass the filters; machines are asked only where a state is wanted. */
export async function listNames(
  context: Context,
  { filters, timeoutMs }: Omit<ListRequest, "wanted">,
): Promise<string[]> {
  const found =
    filters.states.length > 0
      ? await listMachines(context, { filters, timeoutMs, wanted: "status" })
      : await filterCandidates(context, await readCandidates(context), filters);
  return found.map(({ name }) => name);
}

function startOf({ name, record, error = "" }: Candidate): MachineRow {
  const row = { name, url: "", swarm: "", engineVersion: "Unknown", error, responseMs: 0 };
  if (record === undefined) return { ...row, provider: "", driver: "not found", status: "Error" };
  const provider = record.provider.id;
  return { ...row, record, provider, driver: driverNameOf(record), status: "Error" };
}

/** The row of the machine; undefined when its state is not one of those that are wanted. */
async function probe(
  context: Context,
  start: MachineRow,
  { filters, timeoutMs, wanted }: ListRequest,
): Promise<MachineRow | undefined> {
  const begun = performance.now();
  const finished = (row: MachineRow) => {
    const isWanted = passesStates(filters, row.status) || passesStates(filters, power.status);
    return isWanted ? { ...row, responseMs: Math.round(performance.now() - begun) } : undefined;
  };
  let power = start;
  const { record } = start;
  if (record === undefined) return finished(start);
  const answer = await withinLimit({ signal: context.signal, timeoutMs }, async (signal) => {
    const limited = { ...context, signal };
    power = await askStatus(limited, start, record);
    const isEngineWanted = passesStates(filters, power.status)
      ? wanted === "status and engine"
      : passesStates(filters, "Timeout");
    if (power.status !== "Running" || !isEngineWanted) return power;
    const looked = { ...power, error: power.error || (await portProblem(limited, record)) };
    return askVersion(limited, looked, { record, timeoutMs });
  });
  const error = `no answer within ${timeoutMs / 1000} s`;
  return finished(answer?.value ?? { ...power, status: "Timeout", error });
}

async function askStatus(
  context: Context,
  row: MachineRow,
  record: MachineRecord,
): Promise<MachineRow> {
  try {
    const machine = await openRecord(context, record);
    const { status, problem = "" } = await readStatus(context, machine);
    const url = status === "Running" ? engineUrl(record) : "";
    return { ...row, status, url, error: problem };
  } catch (error) {
    return {
      ...row,
      status: "Error",
      error: messageOf(error),
    };
  }
}

/** What the machine's agent cannot do; one that is gone is started again. */
async function portProblem(context: Context, record: MachineRecord): Promise<string> {
  await ensureAgent(context, await openRecord(context, record));
  const files = agentFiles(context.store.machineLayout(record.name).directory);
  const { problems } = await readAgentNotes(files);
  if (problems.length === 0) return "";
  const count =
    problems.length === 1 ? "1 published port is" : `${problems.length} published ports are`;
  return `${count} closed: see \`tsmachine ports ${record.name}\``;
}

/** A machine whose engine is dead runs all the same. */
async function askVersion(
  context: Context,
  row: MachineRow,
  { record, timeoutMs }: { readonly record: MachineRecord; readonly timeoutMs: number },
): Promise<MachineRow> {
  const isMovable = await isDynamic(context, record);
  try {
    if (isMovable) await requireUnmoved(context, await openRecord(context, record));
    // The row's own limit is over first.
    const limits = { timeoutMs: 2 * timeoutMs, signal: context.signal };
    const version = await askEngineVersion(await engineAddressOf(context, record), limits);
    return { ...row, engineVersion: `v${version}` };
  } catch (error) {
    if (!(error instanceof TsmachineError)) throw error;
    // A row has no hints: the remedy is part of the only line that there is.
    const mayBeElsewhere =
      isMovable && (error.code === "ENDPOINT_CHANGED" || error.code === "ENGINE_UNREACHABLE");
    const remedy = mayBeElsewhere ? `; ${howToFind(record.name)}` : "";
    return { ...row, error: `${error.message}${remedy}` };
  }
}
