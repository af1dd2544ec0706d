import { messageOf } from "../../errors/message-of.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { tryLock } from "../../host/locks/lock.ts";
import { sleep } from "../../host/sleep.ts";
import type { Forwards } from "../../providers/provider.ts";
import { type Context, operationFor } from "../context.ts";
import { isOff } from "../machine/is-off.ts";
import {
  engineAddressOf,
  type OpeningContext,
  type OpenMachine,
  openMachine,
} from "../machine/open-machine.ts";
import {
  type AgentFiles,
  agentFiles,
  notesOf,
  removeAgentNotes,
  writeAgentNotes,
} from "./agent-files.ts";
import { type FollowLimits, followEngine } from "./follow-engine.ts";
import { defaultPublishAddress } from "./published-ports.ts";

export interface AgentContext extends OpeningContext, Pick<Context, "signal"> {
  /** One line for the agent's log. */
  log(line: string): void;
}

/** In milliseconds. */
export interface AgentLimits extends FollowLimits {
  /** Until an engine that has hung up is asked again, at first; twice as long each time. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
}

const defaultAgentLimits: AgentLimits = {
  ...{ answerMs: 5_000, quietMs: 60_000, retryMs: 5_000, settleMs: [500, 2_000, 5_000] },
  ...{ firstPauseMs: 100, longestPauseMs: 4_000 },
};

/**
 * Keeps the published ports of a machine open as long as it is on, through restarts of its engine and
 * changes of its certificates and ports. Ends at once where another agent of the machine is at work.
 * @throws the signal's reason when aborted
 */
export async function runAgent(
  context: AgentContext,
  name: string,
  limits: AgentLimits = defaultAgentLimits,
): Promise<void> {
  const files = agentFiles(context.store.machineLayout(name).directory);
  await tryLock(files.lock, context.signal, async () => {
    try {
      // Those of one that was killed.
      await removeAgentNotes(files);
      await attend(context, name, { files, limits });
    } finally {
      await removeAgentNotes(files);
    }
  });
}

interface Attendance {
  readonly files: AgentFiles;
  readonly limits: AgentLimits;
}

async function attend(context: AgentContext, name: string, { files, limits }: Attendance) {
  const { signal, log } = context;
  let pauseMs = limits.firstPauseMs;
  let written = "";
  let isSilent = false;
  for (;;) {
    // Anew each time: a restart may have changed its ports, and a command its certificates.
    const machine = await openIfOn(context, name);
    if (machine === undefined) return;
    try {
      await followEngine({
        address: await engineAddressOf(context, machine.record),
        forwards: machine.forwards,
        publishAddress: machine.record.publishAddress ?? defaultPublishAddress,
        ...{ limits, signal },
        async onReconciled(ports, problems) {
          pauseMs = limits.firstPauseMs;
          isSilent = false;
          const notes = notesOf(ports, problems);
          const text = JSON.stringify(notes);
          if (text === written) return;
          for (const { container, problem } of notes.problems) log(`${container}: ${problem}`);
          await writeAgentNotes(files, notes);
          written = text;
        },
      });
    } catch (error) {
      signal.throwIfAborted();
      // Once for each time: an engine that restarts does not answer for a while.
      if (!isSilent) log(messageOf(error));
      isSilent = true;
    }
    await sleep(pauseMs, signal);
    pauseMs = Math.min(2 * pauseMs, limits.longestPauseMs);
  }
}

/** The machine, unless it is off, or being removed, or gone. */
async function openIfOn(
  context: AgentContext,
  name: string,
): Promise<(OpenMachine & { readonly forwards: Forwards }) | undefined> {
  try {
    const { record, instance } = await openMachine(context, name);
    const { forwards } = instance;
    if (record.phase === "removing" || forwards === undefined) return undefined;
    const power = await instance.power(operationFor(context));
    return power === "absent" || isOff(power) ? undefined : { record, instance, forwards };
  } catch (error) {
    if (error instanceof TsmachineError && error.code === "MACHINE_NOT_FOUND") return undefined;
    throw error;
  }
}
