import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { isRunning } from "../../host/processes/process-identity.ts";
import { garbageAt } from "../../iso/garbage/garbage.ts";
import type { MachineRecord } from "../../store/record.ts";
import type { Context } from "../context.ts";
import { removeLocked } from "../machine/remove.ts";
import { withMachineLock } from "../machine/with-machine-lock.ts";
import type { Leftover } from "./leftovers.ts";

/** Machines that a process had made for itself alone, and was killed before it could remove them. */
export async function findLeftMachines(context: Context): Promise<readonly Leftover[]> {
  const found: Leftover[] = [];
  for (const name of await context.store.listMachineNames()) {
    const record = await readRecord(context, name);
    if (record === undefined || !(await isLeft(record))) continue;
    const { directory } = context.store.machineLayout(name);
    const remove = (signal: AbortSignal) => removeIfLeft({ ...context, signal }, name);
    found.push({ ...(await garbageAt("leftovers", directory)), remove });
  }
  return found;
}

/** Another prune may have removed it meanwhile, and a run may have made a machine of its name again. */
function removeIfLeft(context: Context, name: string): Promise<boolean> {
  return withMachineLock(context, name, async () => {
    const record = await readRecord(context, name);
    if (record === undefined || !(await isLeft(record))) return false;
    await removeLocked(context, name, { force: true });
    return true;
  });
}

async function isLeft({ user }: MachineRecord): Promise<boolean> {
  return user !== undefined && !(await isRunning(user));
}

/** Undefined for what says nothing that can be believed: that is the user's to remove. */
async function readRecord({ store }: Context, name: string): Promise<MachineRecord | undefined> {
  try {
    return await store.readMachine(name);
  } catch (error) {
    if (error instanceof TsmachineError) return undefined;
    throw error;
  }
}
