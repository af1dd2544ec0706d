import { makePrivateDirectory } from "../../../host/files/files.ts";
import { ask, type Tools } from "../powershell/ask.ts";
import { type HyperVMachine, type HyperVRecord, markOf, pathOf } from "../record.ts";
import { createMachine } from "../scripts/create.ts";
import { hardwareOf } from "./hardware.ts";

/**
 * Makes the machine with its disk. May be called again after it was killed half-way: what is there is
 * kept and completed.
 */
export async function createInstance(
  machine: HyperVMachine,
  record: HyperVRecord,
  tools: Tools,
): Promise<HyperVRecord> {
  await makePrivateDirectory(pathOf(machine, "disks"));
  const made = await ask(
    createMachine,
    { ...hardwareOf(machine, tools.world), mark: markOf(machine.directory) },
    tools,
  );
  if (made.machine === null) throw new Error("Hyper-V made a machine and does not list it");
  return { ...record, id: made.machine.id };
}
