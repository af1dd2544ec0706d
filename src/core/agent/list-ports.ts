import { isDeepStrictEqual } from "node:util";
import { sleep } from "../../host/sleep.ts";
import type { MachineRecord } from "../../store/record.ts";
import { type Context, findProvider, operationFor } from "../context.ts";
import { openEngineConnection } from "../engine/engine-connection.ts";
import { openRunning } from "../machine/look.ts";
import { endpointOf, engineAddressOf, type OpenMachine } from "../machine/open-machine.ts";
import { agentFiles, readAgentNotes } from "./agent-files.ts";
import { ensureAgent } from "./ensure-agent.ts";
import { containersPath } from "./follow-engine.ts";
import {
  defaultPublishAddress,
  insideOnly,
  keyOf,
  type PublishedPort,
  parsePublishedPorts,
} from "./published-ports.ts";

/** A published port, and whether this host reaches it. */
export interface PortRow extends PublishedPort {
  /** "opening": the agent has not come to it yet. */
  readonly state: "open" | "opening" | "closed";
}

/** A busy host answers late. */
const answerMs = 10_000;
/** An agent that has just been started needs about a second. */
const openingMs = 5_000;
const lookEveryMs = 100;

/**
 * The ports that the containers of a machine have published, as the engine and the instance tell. Starts
 * the machine's agent where it is gone, and waits a moment for ports that are being opened.
 * @throws TsmachineError MACHINE_NOT_RUNNING, ENGINE_UNREACHABLE; those of openMachine
 */
export async function listPorts(context: Context, name: string): Promise<readonly PortRow[]> {
  const machine = await openRunning(context, name);
  await ensureAgent(context, machine);
  const deadline = performance.now() + openingMs;
  for (;;) {
    const ports = await askPublishedPorts(context, machine);
    const rows = await stateOf(context, machine, ports);
    const isSettled = rows.every(({ state }) => state !== "opening");
    if (isSettled || performance.now() > deadline) return rows;
    await sleep(lookEveryMs, context.signal);
  }
}

async function askPublishedPorts(context: Context, { record, instance }: OpenMachine) {
  const engine = openEngineConnection(await engineAddressOf(context, record));
  try {
    const { publishAddress = defaultPublishAddress } = record;
    const { address } = endpointOf(record);
    const all = instance.forwards === undefined ? address : publishAddress;
    const limits = { timeoutMs: answerMs, signal: context.signal };
    return parsePublishedPorts(await engine.get(containersPath, limits), all);
  } finally {
    engine[Symbol.dispose]();
  }
}

async function stateOf(
  context: Context,
  { record, instance }: OpenMachine,
  ports: readonly PublishedPort[],
): Promise<readonly PortRow[]> {
  const { forwards } = instance;
  if (forwards === undefined) return withoutForwards(context, record, ports);
  const files = agentFiles(context.store.machineLayout(record.name).directory);
  const { problems } = await readAgentNotes(files);
  const present = await forwards.list(operationFor(context));
  return ports.map((port) => {
    if (port.problem !== undefined) return { ...port, state: "closed" };
    if (present.some((one) => isDeepStrictEqual(one, port.forward))) {
      return { ...port, state: "open" };
    }
    const problem = problems.find(({ forward }) => forward === keyOf(port.forward))?.problem;
    return problem === undefined
      ? { ...port, state: "opening" }
      : { ...port, state: "closed", problem };
  });
}

/** Of a machine that has an address of its own, or is reached by other means. */
async function withoutForwards(
  context: Context,
  record: MachineRecord,
  ports: readonly PublishedPort[],
): Promise<readonly PortRow[]> {
  const { address } = endpointOf(record);
  const { ownsInstance } = (await findProvider(context, record.provider.id)).capabilities;
  const problemOf = (port: PublishedPort): string | undefined => {
    const { hostAddress } = port.forward;
    if (port.problem !== undefined) return port.problem;
    if (hostAddress !== address && isLoopback(hostAddress)) return insideOnly(hostAddress);
    if (!ownsInstance || !isLoopback(address)) return undefined;
    return `it is reached through SSH alone: \`tsmachine ssh ${record.name} -L PORT:localhost:PORT\``;
  };
  return ports.map((port) => {
    const problem = problemOf(port);
    return problem === undefined
      ? { ...port, state: "open" }
      : { ...port, state: "closed", problem };
  });
}

function isLoopback(address: string): boolean {
  return /^127\.|^::1$/.test(address);
}
