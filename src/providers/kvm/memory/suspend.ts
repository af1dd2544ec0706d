import { basename } from "node:path";
import { moveIntoPlace, temporaryPathFor, writeFileAtomic } from "../../../host/files/files.ts";
import type { Operation } from "../../provider.ts";
import { isPresent } from "../process/qemu-process.ts";
import { endQemu } from "../process/stop.ts";
import { type KvmMachine, pathOf } from "../record.ts";
import type { KvmWorld } from "../world.ts";
import { saveMemory } from "./save-memory.ts";
import { formatMemoryFacts } from "./saved-memory.ts";

/** Once the memory has its name, there is nothing to go back to. */
const endTimeoutMs = 60_000;

/**
 * Saves the guest's memory beside its disk, and ends QEMU. The memory counts from the moment on when it has its
 * name: until then the guest is halted, and goes on at the next start. A halted guest whose memory has its name already
 * was left by a command that was killed, and has not run since.
 * @throws those of saveMemory
 */
export async function suspendInstance(
  machine: KvmMachine,
  world: KvmWorld,
  operation: Operation,
): Promise<void> {
  if (!(await isPresent(machine, "memory"))) await save(machine, world, operation);
  const signal = AbortSignal.timeout(endTimeoutMs);
  await endQemu(machine, world, { signal, report: (step) => operation.report(step) });
}

async function save(machine: KvmMachine, world: KvmWorld, operation: Operation): Promise<void> {
  const path = pathOf(machine, "memory");
  const temporary = temporaryPathFor(path);
  const saved = await saveMemory(machine, { world, path: basename(temporary) }, operation);
  try {
    await writeFileAtomic(pathOf(machine, "memoryFacts"), formatMemoryFacts(saved.facts));
    await moveIntoPlace(temporary, path);
  } catch (error) {
    await saved.undo();
    throw error;
  }
}
