import type { Operation, Snapshots } from "../../../src/providers/provider.ts";
import { snapshotExists, snapshotUnknown } from "../../../src/providers/snapshot-errors.ts";

/** Snapshots that are their labels alone. */
export function createFakeSnapshots({
  name,
  labels,
  begin,
  switchOff,
}: {
  readonly name: string;
  /** Changed in place. */
  readonly labels: string[];
  /** Called before each change. */
  readonly begin: (change: "take" | "restore" | "forget", operation: Operation) => void;
  readonly switchOff: () => Promise<void>;
}): Snapshots {
  const indexOf = (label: string) => {
    const index = labels.indexOf(label);
    if (index < 0) throw snapshotUnknown(name, label, labels);
    return index;
  };
  return {
    list: async () => [...labels],
    async take(label, operation) {
      begin("take", operation);
      if (labels.includes(label)) throw snapshotExists(name, label);
      labels.push(label);
    },
    async restore(label, operation, beforeChange) {
      begin("restore", operation);
      indexOf(label);
      await beforeChange();
      await switchOff();
    },
    async remove(label, operation) {
      begin("forget", operation);
      labels.splice(indexOf(label), 1);
    },
  };
}
