import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { type Qmp, withQmp } from "../qmp/qmp.ts";
import { type KvmMachine, pathOf } from "../record.ts";
import type { KvmWorld } from "../world.ts";
import { portsOfQemu } from "./qemu-process.ts";

/** A busy host answers late, a stuck QEMU never. */
const usualTimeoutMs = 5_000;

export interface Asking {
  readonly world: KvmWorld;
  readonly signal: AbortSignal;
  /** For what takes QEMU longer than an answer; milliseconds. */
  readonly timeoutMs?: number;
}

/**
 * Talks with the QEMU of this machine over its control socket.
 * @throws TsmachineError QMP_UNREACHABLE when it does not answer in time, QMP_FAILED when it refuses.
 */
export async function askQemu<T>(
  machine: KvmMachine,
  { world, signal, timeoutMs = usualTimeoutMs }: Asking,
  action: (qmp: Qmp) => Promise<T>,
): Promise<T> {
  // A start that was killed may have chosen other ports than the record has.
  const { qmp: port } = machine.ports.qmp === null ? machine.ports : await portsOfQemu(machine);
  const { temporaryDirectory } = world;
  const address =
    port === null
      ? ({ kind: "unix", path: pathOf(machine, "qmpSocket"), temporaryDirectory } as const)
      : ({ kind: "loopback", port } as const);
  try {
    return await withQmp(address, { signal, timeoutMs }, action);
  } catch (cause) {
    signal.throwIfAborted();
    if (!(cause instanceof TsmachineError) || cause.code === "QMP_FAILED") throw cause;
    throw new TsmachineError(
      "QMP_UNREACHABLE",
      `QEMU of machine "${machine.name}" does not answer on its control socket`,
      { hints: [`power the machine off with \`tsmachine kill ${machine.name}\``], cause },
    );
  }
}

/** Whether QEMU gave no answer, or none that helps. */
export function isQemuSilent(error: unknown): boolean {
  return (
    error instanceof TsmachineError &&
    (error.code === "QMP_UNREACHABLE" || error.code === "QMP_FAILED")
  );
}
