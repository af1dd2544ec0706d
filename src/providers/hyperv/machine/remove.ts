import { rm } from "node:fs/promises";
import { isSystemError } from "../../../errors/system-error.ts";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { ask, type Tools } from "../powershell/ask.ts";
import { type HyperVMachine, keyOf, pathOf } from "../record.ts";
import { removeMachine } from "../scripts/remove.ts";
import { powerOffInstance } from "./stop.ts";

/** Removes the machine from Hyper-V with all its files. */
export async function removeInstance(machine: HyperVMachine, tools: Tools): Promise<void> {
  await powerOffInstance(machine, tools);
  await ask(removeMachine, { machine: keyOf(machine) }, tools);
  await removeDisks(machine);
  await rm(pathOf(machine, "consoleLog"), { force: true });
}

/** Hyper-V merges the disks of checkpoints for a while after the machine is gone, and holds them. */
async function removeDisks(machine: HyperVMachine): Promise<void> {
  const patiently = { recursive: true, force: true, maxRetries: 20, retryDelay: 100 };
  try {
    await rm(pathOf(machine, "disks"), patiently);
  } catch (cause) {
    if (!isSystemError(cause, "EBUSY", "EPERM")) throw cause;
    throw new TsmachineError(
      "INSTANCE_LOCKED",
      `Hyper-V still merges disks of machine "${machine.name}", which is gone`,
      { hints: [`run \`tsmachine rm ${machine.name}\` again in some minutes`], cause },
    );
  }
}
