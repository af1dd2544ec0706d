import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { poll } from "../../../host/poll.ts";
import type { Qmp } from "../qmp/qmp.ts";
import type { KvmMachine } from "../record.ts";
import type { KvmWorld } from "../world.ts";
import { askQemu } from "./ask-qemu.ts";
import { findQemuProcess } from "./qemu-process.ts";

export interface QemuWait {
  readonly world: KvmWorld;
  readonly signal: AbortSignal;
  /** As PollLimits has it. */
  readonly waitingFor: string;
  readonly timeoutMs: number;
}

const lookEveryMs = 100;

/**
 * Asks QEMU again and again until there is an answer other than undefined. QEMU may be silent meanwhile, as when it reads or writes
 * gigabytes, but not end.
 * @throws TsmachineError QMP_UNREACHABLE when it has ended, QMP_FAILED when it refuses, TIMEOUT
 */
export function untilQemu<T>(
  machine: KvmMachine,
  { world, signal, waitingFor, timeoutMs }: QemuWait,
  look: (qmp: Qmp) => Promise<T | undefined>,
): Promise<T> {
  const probe = async () => {
    try {
      return await askQemu(machine, { world, signal }, look);
    } catch (error) {
      signal.throwIfAborted();
      const isSilent = error instanceof TsmachineError && error.code === "QMP_UNREACHABLE";
      if (!isSilent || (await findQemuProcess(machine, world, signal)) === undefined) throw error;
      return undefined;
    }
  };
  return poll(probe, { waitingFor, everyMs: lookEveryMs, timeoutMs, signal });
}
