import { poll } from "../../../host/poll.ts";
import { discardMemory } from "../memory/saved-memory.ts";
import type { KvmMachine } from "../record.ts";
import type { KvmWorld } from "../world.ts";
import { askQemu } from "./ask-qemu.ts";
import { queryPower } from "./power.ts";

/** A start that was killed may have left a QEMU that still reads gigabytes of memory. */
const loadLimitMs = 15 * 60_000;

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
  const look = async () => {
    const power = await askQemu(machine, { world, signal }, queryPower);
    return power === "starting" ? undefined : power;
  };
  const waitingFor = `QEMU of machine "${machine.name}" to load`;
  const limits = { everyMs: 100, timeoutMs: loadLimitMs, signal };
  if ((await poll(look, { waitingFor, ...limits })) !== "paused") return;
  await discardMemory(machine);
  await askQemu(machine, { world, signal }, (qmp) => qmp.execute("cont"));
}
