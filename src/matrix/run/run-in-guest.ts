import { Readable, Writable } from "node:stream";
import { createTail } from "../../bytes/tail.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { Captured } from "../../host/processes/run-captured.ts";
import type { Session } from "../../ssh/session.ts";
import { asRootInGroup, groupFile, killGroup } from "./guest-command.ts";

export interface WorkloadEnd extends Captured {
  /** Whether the connection to the machine that it ran in was lost: how it ended is not known then. */
  readonly isLost?: true;
}

export interface GuestRun {
  readonly signal: AbortSignal;
  /** Milliseconds until the command is killed with all that it has started. */
  readonly timeoutMs: number;
  /** As much of the output's end is kept. */
  readonly maxOutputBytes: number;
  /** The guest's file that notes the group of processes; /run/tsmachine-workload.pid unless given. */
  readonly file?: string;
}

const killTimeoutMs = 10_000;

/**
 * Runs a command in the guest as root to its end, or until its time is over.
 * @throws the signal's reason when aborted.
 */
export async function runInGuest(
  guest: Session,
  command: readonly string[],
  { signal, timeoutMs, maxOutputBytes, file = groupFile }: GuestRun,
): Promise<WorkloadEnd> {
  const tail = createTail(maxOutputBytes);
  const sink = () =>
    new Writable({
      write: (chunk: Uint8Array, _encoding, done) => {
        tail.add(chunk);
        done();
      },
    });
  const expired = AbortSignal.timeout(timeoutMs);
  try {
    const exitStatus = await guest.runInteractive(asRootInGroup(command, file), {
      ...{ stdin: Readable.from([]), stdout: sink(), stderr: sink() },
      signal: AbortSignal.any([signal, expired]),
    });
    return { output: tail.text(), exitStatus };
  } catch (error) {
    signal.throwIfAborted();
    if (expired.aborted) {
      await kill(guest, file, signal);
      return { output: tail.text(), exitStatus: undefined };
    }
    // What became of the machine is looked at by the caller; what it said so far is worth having.
    if (error instanceof TsmachineError && error.code === "SSH_CONNECTION_LOST") {
      const output = `${tail.text()}[${error.message}]\n`;
      return { output, exitStatus: undefined, isLost: true };
    }
    throw error;
  }
}

/** A guest that does not even do that is the caller's to look at. */
async function kill(guest: Session, file: string, signal: AbortSignal): Promise<void> {
  try {
    await guest.run(killGroup(file), { timeoutMs: killTimeoutMs, signal });
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof TsmachineError)) throw error;
  }
}
