import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { poll } from "../../../host/poll.ts";
import { discardMemory } from "../memory/saved-memory.ts";
import type { Qmp } from "../qmp/qmp.ts";
import type { KvmMachine } from "../record.ts";
import type { KvmWorld } from "../world.ts";
import { askQemu } from "./ask-qemu.ts";
import { queryPower } from "./power.ts";
import { findQemuProcess } from "./qemu-process.ts";

/** A start that was killed may have left a QEMU that still reads gigabytes of memory. */
const loadTimeoutMs = 15 * 60_000;

/**
 * Lets a halted guest go on; one that runs is left alone. Memory that was saved is given up before: from then on the
 * disk changes, and would not fit it.
 * @throws TsmachineError QMP_UNREACHABLE, QMP_FAILED, TIMEOUT
 */
export async function goOn(
  machine: KvmMachine,
  world: KvmWorld,
  signal: AbortSignal,
): Promise<void> {
  const waitingFor = `QEMU of machine "${machine.name}" to load`;
  const limits = { world, signal, waitingFor, timeoutMs: loadTimeoutMs };
  const power = await untilQemu(machine, limits, async (qmp) => {
    const now = await queryPower(qmp);
    return now === "starting" ? undefined : now;
  });
  if (power !== "paused") return;
  await discardMemory(machine);
  const cont = (qmp: Qmp) => qmp.execute("cont").then(() => true);
  await untilQemu(machine, { ...limits, waitingFor: `machine "${machine.name}" to go on` }, cont);
}

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
