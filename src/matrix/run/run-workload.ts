import type { Context } from "../../core/context.ts";
import { engineUrl } from "../../core/machine/look.ts";
import { type Captured, runCaptured } from "../../host/processes/run-captured.ts";
import type { Session } from "../../ssh/session.ts";
import type { MachineRecord } from "../../store/record.ts";
import type { Cell } from "../definition/matrix.ts";
import { runInGuest, type WorkloadEnd } from "./run-in-guest.ts";

/** As much of a workload's output is kept in a report: its end, where a failure shows. */
const maxOutputBytes = 64 * 1024;

export interface WorkloadMachine {
  readonly record: MachineRecord;
  readonly guest: Session;
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
    ? runInGuest(guest, cell.workload.command, {
        ...{ signal: context.signal, timeoutMs: cell.workload.timeoutMs, maxOutputBytes },
      })
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
