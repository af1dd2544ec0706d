import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { powerOffInstance } from "./machine/stop.ts";
import { ask, type Tools } from "./powershell/ask.ts";
import { markOf } from "./record.ts";
import { findInFolder } from "./scripts/look.ts";
import { removeMachine } from "./scripts/remove.ts";

/** Ends and removes the machines of tsmachine that have a disk in the folder or were to get one, also when that is gone. */
export async function abandonFolder(directory: string, tools: Tools): Promise<void> {
  if (tools.world.platform !== "win32") return;
  for (const id of await machinesIn(directory, tools)) {
    // By its id alone: no machine has this tag.
    const machine = { id, tag: `tsmachine-${id}`, name: id };
    await powerOffInstance(machine, tools);
    await ask(removeMachine, { machine: { id, tag: machine.tag } }, tools);
  }
}

/** A host without Hyper-V, or with none that this user may ask, has nothing of it. */
async function machinesIn(directory: string, tools: Tools): Promise<readonly string[]> {
  try {
    return (await ask(findInFolder, { folder: directory, mark: markOf(directory) }, tools)).ids;
  } catch (error) {
    const isUnusable =
      error instanceof TsmachineError &&
      ["PROVIDER_NOT_READY", "PERMISSION_DENIED", "PROGRAM_MISSING"].includes(error.code);
    if (isUnusable) return [];
    throw error;
  }
}
