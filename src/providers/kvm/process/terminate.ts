import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { poll } from "../../../host/poll.ts";
import {
  isRunning,
  type ProcessIdentity,
  signalProcess,
} from "../../../host/processes/process-identity.ts";
import type { Operation } from "../../provider.ts";

const patienceMs = 5_000;

/**
 * Ends that very process from outside.
 * @param program what it is called in messages
 * @throws TsmachineError TIMEOUT when even SIGKILL fails
 */
export async function terminate(
  process: ProcessIdentity,
  program: "QEMU" | "virtiofsd",
  operation: Operation,
): Promise<void> {
  await signalProcess(process, "SIGTERM");
  if (await endsInTime(process, program, operation.signal)) return;
  operation.report(`${program} (process ${process.pid}) does not react to SIGTERM; killing it`);
  await signalProcess(process, "SIGKILL");
  await untilEnded(process, program, operation.signal);
}

/** Whether it has ended after some seconds at most. */
export async function endsInTime(
  process: ProcessIdentity,
  program: "QEMU" | "virtiofsd",
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await untilEnded(process, program, signal);
    return true;
  } catch (error) {
    if (error instanceof TsmachineError && error.code === "TIMEOUT") return false;
    throw error;
  }
}

async function untilEnded(
  process: ProcessIdentity,
  program: string,
  signal: AbortSignal,
): Promise<void> {
  const waitingFor = `the end of ${program} (process ${process.pid})`;
  const probe = async () => ((await isRunning(process)) ? undefined : true);
  await poll(probe, { waitingFor, everyMs: 20, timeoutMs: patienceMs, signal });
}
