import { untilQemu } from "../process/until-qemu.ts";
import type { Qmp } from "../qmp/qmp.ts";
import type { KvmMachine } from "../record.ts";
import type { KvmWorld } from "../world.ts";
import { isUnderWay, queryMigration } from "./migration.ts";

/** QEMU is silent while it writes the last of it. */
const timeoutMs = 120_000;

/**
 * Ends a save of the guest's memory that is under way, as a command that was killed may have left one: QEMU goes on
 * with it by itself, and would halt the guest when it is done. One that is not under way is none to give up.
 * @throws TsmachineError QMP_UNREACHABLE, QMP_FAILED, TIMEOUT
 */
export async function giveUpSaving(
  machine: KvmMachine,
  world: KvmWorld,
  signal: AbortSignal,
): Promise<void> {
  const look = async (qmp: Qmp) => {
    if (!isUnderWay(await queryMigration(qmp))) return true;
    await qmp.execute("migrate_cancel");
    return undefined;
  };
  const waitingFor = `QEMU of machine "${machine.name}" to give up saving`;
  await untilQemu(machine, { world, signal, waitingFor, timeoutMs }, look);
}
