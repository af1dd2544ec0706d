import { giveUpSaving } from "../memory/give-up-saving.ts";
import { discardMemory } from "../memory/saved-memory.ts";
import type { Qmp } from "../qmp/qmp.ts";
import type { KvmMachine } from "../record.ts";
import type { KvmWorld } from "../world.ts";
import { queryPower } from "./power.ts";
import { untilQemu } from "./until-qemu.ts";

/** A start that was killed may have left a QEMU that still reads gigabytes of memory. */
const loadTimeoutMs = 15 * 60_000;

/**
 * Lets a halted guest go on; one that runs is left alone. Memory that was saved, or is being saved, is given up before:
 * from then on the disk changes, and would not fit it.
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
  await giveUpSaving(machine, world, signal);
  await discardMemory(machine);
  const cont = (qmp: Qmp) => qmp.execute("cont").then(() => true);
  await untilQemu(machine, { ...limits, waitingFor: `machine "${machine.name}" to go on` }, cont);
}
