import type { Operation, Snapshots } from "../../providers/provider.ts";
import { type Context, operationFor } from "../context.ts";
import { openMachine } from "./open-machine.ts";
import { requirePart } from "./require-part.ts";
import { withMachineLock } from "./with-machine-lock.ts";

/** Labels, oldest first. @throws TsmachineError CAPABILITY_MISSING, MACHINE_NOT_FOUND */
export async function listSnapshots(context: Context, name: string): Promise<readonly string[]> {
  return (await snapshotsOf(context, name)).list(operationFor(context));
}

/** Keeps the machine's disk as it is now, and what it does now if it runs. @throws as changeSnapshot */
export function takeSnapshot(context: Context, name: string, label: string): Promise<void> {
  return changeSnapshot(context, name, {
    title: `Taking snapshot "${label}" of machine "${name}"`,
    change: (snapshots, operation) => snapshots.take(label, operation),
  });
}

/** Makes the machine what it was; what it has become since is lost. @throws as changeSnapshot */
export function restoreSnapshot(context: Context, name: string, label: string): Promise<void> {
  return changeSnapshot(context, name, {
    title: `Restoring snapshot "${label}" of machine "${name}"`,
    change: (snapshots, operation) => snapshots.restore(label, operation),
  });
}

/** @throws as changeSnapshot */
export function removeSnapshot(context: Context, name: string, label: string): Promise<void> {
  return changeSnapshot(context, name, {
    title: `Removing snapshot "${label}" of machine "${name}"`,
    change: (snapshots, operation) => snapshots.remove(label, operation),
  });
}

interface SnapshotChange {
  readonly title: string;
  change(snapshots: Snapshots, operation: Operation): Promise<void>;
}

/** @throws TsmachineError CAPABILITY_MISSING, INVALID_INPUT for a label that is taken or unknown */
function changeSnapshot(
  context: Context,
  name: string,
  { title, change }: SnapshotChange,
): Promise<void> {
  return withMachineLock(context, name, async () => {
    const snapshots = await snapshotsOf(context, name);
    await context.progress.step(title, (step) => change(snapshots, operationFor(context, step)));
  });
}

async function snapshotsOf(context: Context, name: string): Promise<Snapshots> {
  const { record, instance } = await openMachine(context, name);
  return requirePart(instance.snapshots, record, "have snapshots");
}
