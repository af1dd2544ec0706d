import type { VirtualBoxMachine } from "../record.ts";
import { requireOwn } from "./own.ts";
import { isSaved, settledState } from "./power.ts";
import type { Tools } from "./tools.ts";

/**
 * Saves the instance to disk, where it is saved on return.
 * @throws TsmachineError INSTANCE_EXISTS; INSTANCE_LOCKED when VirtualBox is still at work on a snapshot
 */
export async function suspendInstance(machine: VirtualBoxMachine, tools: Tools): Promise<void> {
  await requireOwn(machine, tools);
  const view = await settledState(machine, tools);
  // By a command before that was cancelled, with which VirtualBox went on.
  if (view !== undefined && isSaved(view)) return;
  await tools.control.saveState(machine.uuid);
}
