import { basename } from "node:path";
import { moveIntoPlace, temporaryPathFor, writeFileAtomic } from "../../../host/files/files.ts";
import type { Operation } from "../../provider.ts";
import { endQemu } from "../process/stop.ts";
import { type KvmMachine, pathOf } from "../record.ts";
import type { KvmWorld } from "../world.ts";
import { saveMemory } from "./save-memory.ts";
import { formatMemoryFacts } from "./saved-memory.ts";

/**
 * Saves the guest's memory beside its disk, and ends QEMU. The memory counts from the moment on when it has its
 * name: until then the guest is halted, and goes on at the next start.
 * @throws those of saveMemory
 */
export async function suspendInstance(
  machine: KvmMachine,
  world: KvmWorld,
  operation: Operation,
): Promise<void> {
  const path = pathOf(machine, "memory");
  const temporary = temporaryPathFor(path);
  const facts = await saveMemory(machine, { world, path: basename(temporary) }, operation);
  await writeFileAtomic(pathOf(machine, "memoryFacts"), formatMemoryFacts(facts));
  await moveIntoPlace(temporary, path);
  await endQemu(machine, world, operation);
}
