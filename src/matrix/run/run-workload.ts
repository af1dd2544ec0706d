import { Readable, Writable } from "node:stream";
import { createTail } from "../../bytes/tail.ts";
import type { Context } from "../../core/context.ts";
import { engineUrl } from "../../core/machine/look.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { type Captured, runCaptured } from "../../host/processes/run-captured.ts";
import type { Session } from "../../ssh/session.ts";
import type { MachineRecord } from "../../store/record.ts";
import type { Cell } from "../definition/matrix.ts";
import { asRoot } from "./guest.ts";

/** As much of a workload's output is kept in a report: its end, where a failure shows. */
const maxOutputBytes = 64 * 1024;

export interface WorkloadMachine {
  readonly record: MachineRecord;
  readonly guest: Session;
}

export interface WorkloadEnd extends Captured {
  /** Whether the connection to the machine that it ran in was lost: how it ended is not known then. */
  readonly isLost?: true;
}

/**
 * Runs the cell's workload to its end, or until its time is over.
 * @throws TsmachineError PROGRAM_MISSING; the signal's reason when aborted.
 */
export function runWorkload(
  context: Context,
  cell: Cell,
  { record, guest }: WorkloadMachine,
): Promise<WorkloadEnd> {
  return cell.workload.runs === "guest"
    ? runInGuest(context, cell, guest)
    : runOnHost(context, cell, record);
}

function runOnHost(
  { store, signal }: Context,
  { id, axes, workload }: Cell,
  record: MachineRecord,
): Promise<Captured> {
  const [program, ...args] = workload.command;
  return runCaptured(program, args, {
    ...{ signal, timeoutMs: workload.timeoutMs, cwd: workload.directory, maxOutputBytes },
    environment: {
      DOCKER_HOST: engineUrl(record),
      DOCKER_TLS_VERIFY: "1",
      DOCKER_CERT_PATH: store.machineLayout(record.name).directory,
      DOCKER_MACHINE_NAME: record.name,
      // It would take the place of DOCKER_HOST.
      DOCKER_CONTEXT: undefined,
      TSMACHINE_CELL: id,
      TSMACHINE_KERNEL: axes.kernel,
      TSMACHINE_ENGINE: axes.engine,
    },
  });
}

async function runInGuest(
  { signal }: Context,
  { workload }: Cell,
  guest: Session,
): Promise<WorkloadEnd> {
  const tail = createTail(maxOutputBytes);
  const sink = () =>
    new Writable({
      write: (chunk: Uint8Array, _encoding, done) => {
        tail.add(chunk);
        done();
      },
    });
  const expired = AbortSignal.timeout(workload.timeoutMs);
  try {
    const exitStatus = await guest.runInteractive(asRoot(workload.command), {
      ...{ stdin: Readable.from([]), stdout: sink(), stderr: sink() },
      signal: AbortSignal.any([signal, expired]),
    });
    return { output: tail.text(), exitStatus };
  } catch (error) {
    signal.throwIfAborted();
    if (expired.aborted) return { output: tail.text(), exitStatus: undefined };
    // What became of the machine is looked at by the caller; what it said so far is worth having.
    if (error instanceof TsmachineError && error.code === "SSH_CONNECTION_LOST") {
      const output = `${tail.text()}[${error.message}]\n`;
      return { output, exitStatus: undefined, isLost: true };
    }
    throw error;
  }
}
