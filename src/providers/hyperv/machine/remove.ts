import { rm } from "node:fs/promises";
import { ask, type Tools } from "../powershell/ask.ts";
import { type HyperVMachine, keyOf, pathOf } from "../record.ts";
import { removeMachine } from "../scripts/remove.ts";
import { powerOffInstance } from "./stop.ts";

/** Removes the machine from Hyper-V with all its files. */
export async function removeInstance(machine: HyperVMachine, tools: Tools): Promise<void> {
  await powerOffInstance(machine, tools);
  await ask(removeMachine, { machine: keyOf(machine) }, tools);
  // Hyper-V merges the disks of checkpoints for a while after the machine is gone, and holds them.
  const patiently = { recursive: true, force: true, maxRetries: 20, retryDelay: 100 };
  await rm(pathOf(machine, "disks"), patiently);
  await rm(pathOf(machine, "consoleLog"), { force: true });
}
