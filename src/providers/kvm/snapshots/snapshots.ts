import { removeFolder } from "../../../host/files/remove-folder.ts";
import type { Snapshots } from "../../provider.ts";
import { snapshotExists, snapshotUnknown } from "../../snapshot-errors.ts";
import type { KvmMachine } from "../record.ts";
import type { KvmWorld } from "../world.ts";
import { restoreSnapshot } from "./restore.ts";
import { type StoredSnapshot, storedSnapshots } from "./stored.ts";
import { takeSnapshot } from "./take.ts";

/** Whole copies of the disk, and of the memory where the guest ran, each in a folder of its own. */
export function snapshotsOf(machine: KvmMachine, world: KvmWorld): Snapshots {
  return {
    list: async () => (await storedSnapshots(machine)).map(({ label }) => label),
    async take(label, operation) {
      const stored = await storedSnapshots(machine);
      if (stored.some((one) => one.label === label)) throw snapshotExists(machine.name, label);
      await takeSnapshot(machine, { world, label }, operation);
    },
    async restore(label, operation, beforeChange) {
      const snapshot = await find(machine, label);
      await restoreSnapshot(machine, { world, snapshot, beforeChange }, operation);
    },
    async remove(label) {
      const { folder } = await find(machine, label);
      await removeFolder(folder);
    },
  };
}

async function find(machine: KvmMachine, label: string): Promise<StoredSnapshot> {
  const stored = await storedSnapshots(machine);
  const found = stored.find((one) => one.label === label);
  if (found !== undefined) return found;
  const labels = stored.map((one) => one.label);
  throw snapshotUnknown(machine.name, label, labels);
}
