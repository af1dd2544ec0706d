import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { Operation, Snapshots } from "../provider.ts";
import { snapshotExists, snapshotUnknown } from "../snapshot-errors.ts";
import type { Snapshot } from "./control.ts";
import { requireMachine } from "./machine/find.ts";
import { requireOwn } from "./machine/own.ts";
import { isSaved, settledState } from "./machine/power.ts";
import { powerOffInstance } from "./machine/stop.ts";
import type { Tools } from "./machine/tools.ts";
import { madeOnce } from "./made-once.ts";
import type { VirtualBoxMachine } from "./record.ts";
import { snapshotsInTheWay } from "./snapshot-tree.ts";

/** Makes an operation of what is to be done with the tools. */
type Using = <T>(action: (tools: Tools) => Promise<T>) => (operation: Operation) => Promise<T>;

/** VirtualBox's own snapshots, of the disk and, while the machine runs, of its memory too. */
export function snapshotsOf(machine: VirtualBoxMachine, using: Using): Snapshots {
  const { uuid } = machine;
  return {
    list: using(async (tools) => {
      await requireOwn(machine, tools);
      return (await tools.control.listSnapshots(uuid)).map(({ label }) => label);
    }),
    take: (label, operation) =>
      using(async (tools) => {
        await requireMachine(machine, tools);
        await settledState(machine, tools);
        const isThere = async () =>
          (await tools.control.listSnapshots(uuid)).some((one) => one.label === label);
        if (await isThere()) throw snapshotExists(machine.name, label);
        await madeOnce(() => tools.control.takeSnapshot(uuid, label), isThere);
      })(operation),
    restore: (label, operation, beforeChange: () => Promise<void>) =>
      using(async (tools) => {
        await requireMachine(machine, tools);
        const view = await settledState(machine, tools);
        const snapshots = await tools.control.listSnapshots(uuid);
        const snapshot = find(machine, label, snapshots);
        await beforeChange();
        // VirtualBox itself drops a saved state, as part of the restoration.
        if (view === undefined || !isSaved(view)) await powerOffInstance(machine, tools);
        await tools.control.restoreSnapshot(uuid, snapshot.uuid);
      })(operation),
    remove: (label, operation) =>
      using(async (tools) => {
        await requireOwn(machine, tools);
        // It may be the very snapshot, of a command that was cancelled: VirtualBox goes on with it.
        await settledState(machine, tools);
        const snapshots = await tools.control.listSnapshots(uuid);
        const snapshot = find(machine, label, snapshots);
        // Asked all the same, VirtualBox refuses it with the code of a machine that is locked.
        const inTheWay = snapshotsInTheWay(snapshot, snapshots);
        if (inTheWay.length > 0) throw hasOthers(machine, snapshot, inTheWay);
        await tools.control.deleteSnapshot(uuid, snapshot.uuid);
      })(operation),
  };
}

/** By UUID, because two of them may have the same label. */
function find(
  { name }: VirtualBoxMachine,
  label: string,
  snapshots: readonly Snapshot[],
): Snapshot {
  const found = snapshots.find((one) => one.label === label);
  if (found !== undefined) return found;
  throw snapshotUnknown(
    name,
    label,
    snapshots.map((one) => one.label),
  );
}

function hasOthers(
  { name }: VirtualBoxMachine,
  { label, isCurrent }: Snapshot,
  inTheWay: readonly Snapshot[],
): TsmachineError {
  const labels = inTheWay.map((one) => `"${one.label}"`).join(", ");
  const reason = isCurrent
    ? "the machine goes on from it, and so does another snapshot"
    : "more than one other snapshot goes on from it";
  return new TsmachineError(
    "INVALID_INPUT",
    `snapshot "${label}" of machine "${name}" cannot be removed: ${reason}`,
    { hints: [`remove these first, in this order: ${labels}`] },
  );
}
