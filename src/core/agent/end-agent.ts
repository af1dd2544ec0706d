import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { lockHolder } from "../../host/locks/lock.ts";
import { poll } from "../../host/poll.ts";
import {
  isRunning,
  type ProcessIdentity,
  signalProcess,
} from "../../host/processes/process-identity.ts";
import type { Context } from "../context.ts";
import { agentFiles } from "./agent-files.ts";

/** Of an agent that is asked to end; it has nothing to do but to put two files away. */
const patienceMs = 3_000;

/**
 * Ends the machine's agent, if it has one. It would end by itself, as soon as it notices that the machine
 * is off; on return it has ended. @throws TsmachineError TIMEOUT when even SIGKILL fails
 */
export async function endAgent(
  { store, signal }: Pick<Context, "store" | "signal">,
  name: string,
): Promise<void> {
  const { lock } = agentFiles(store.machineLayout(name).directory);
  const agent = await lockHolder(lock);
  if (agent === undefined) return;
  await signalProcess(agent, "SIGTERM");
  try {
    await untilEnded(agent, signal);
  } catch (error) {
    if (!(error instanceof TsmachineError) || error.code !== "TIMEOUT") throw error;
    await signalProcess(agent, "SIGKILL");
    await untilEnded(agent, signal);
  }
}

async function untilEnded(agent: ProcessIdentity, signal: AbortSignal): Promise<void> {
  const waitingFor = `the end of a machine's agent (process ${agent.pid})`;
  const limits = { waitingFor, everyMs: 20, timeoutMs: patienceMs, signal };
  await poll(async () => ((await isRunning(agent)) ? undefined : true), limits);
}
