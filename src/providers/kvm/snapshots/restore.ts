import { copyFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { copySparse } from "../../../host/files/copy-sparse.ts";
import { moveIntoPlace, temporaryPathFor, unlessMissing } from "../../../host/files/files.ts";
import type { Operation } from "../../provider.ts";
import { powerOff } from "../process/stop.ts";
import { type KvmMachine, pathOf } from "../record.ts";
import type { KvmWorld } from "../world.ts";
import { type StoredSnapshot, snapshotFiles } from "./stored.ts";

export interface Restoration {
  readonly world: KvmWorld;
  readonly snapshot: StoredSnapshot;
  /** As Snapshots.restore has it. */
  readonly beforeChange: () => Promise<void>;
}

/**
 * Powers the machine off and puts the snapshot's disk in place of its own, then the memory, if there is some. When
 * this is killed between the two, the machine boots from the snapshot's disk.
 */
export async function restoreSnapshot(
  machine: KvmMachine,
  { world, snapshot, beforeChange }: Restoration,
  operation: Operation,
): Promise<void> {
  const [disk, memory] = [pathOf(machine, "dataDisk"), pathOf(machine, "memory")];
  const [newDisk, newMemory] = [temporaryPathFor(disk), temporaryPathFor(memory)];
  const saved = join(snapshot.folder, snapshotFiles.memory);
  const hasMemory = (await unlessMissing(stat(saved))) !== undefined;
  try {
    await copySparse(join(snapshot.folder, snapshotFiles.disk), newDisk, {
      signal: operation.signal,
      onProgress: (share) => operation.report(`copied ${Math.floor(share * 100)} % of the disk`),
    });
    if (hasMemory) await copySparse(saved, newMemory, { signal: operation.signal });
    await beforeChange();
    await powerOff(machine, world, operation);
    await moveIntoPlace(newDisk, disk);
    if (!hasMemory) return;
    const facts = join(snapshot.folder, snapshotFiles.memoryFacts);
    await unlessMissing(copyFile(facts, pathOf(machine, "memoryFacts")));
    await moveIntoPlace(newMemory, memory);
  } finally {
    await rm(newDisk, { force: true });
    await rm(newMemory, { force: true });
  }
}
