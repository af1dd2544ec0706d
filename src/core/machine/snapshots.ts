import { isDeepStrictEqual } from "node:util";
import type { Snapshots } from "../../providers/provider.ts";
import type { MachineRecord } from "../../store/record.ts";
import { endAgent } from "../agent/end-agent.ts";
import { type Context, operationFor } from "../context.ts";
import { restoreImages } from "../images/images.ts";
import type { Step } from "../progress.ts";
import { openMachine, openRecord } from "./open-machine.ts";
import { requirePart } from "./require-part.ts";
import { requireSettled } from "./require-settled.ts";
import { withMachineLock } from "./with-machine-lock.ts";

/** Labels, oldest first. @throws TsmachineError CAPABILITY_MISSING, MACHINE_NOT_FOUND */
export async function listSnapshots(context: Context, name: string): Promise<readonly string[]> {
  const { record, instance } = await openMachine(context, name);
  return partOf(instance.snapshots, record).list(operationFor(context));
}

/** Keeps the machine's disk as it is now, and what it does now if it runs. @throws as changeSnapshots */
export function takeSnapshot(context: Context, name: string, label: string): Promise<void> {
  return changeSnapshots(context, name, async ({ record, snapshots }) => {
    const operation = operationFor(context);
    const isTaken = (await snapshots.list(operation)).includes(label);
    // Written before, so that no snapshot is there of which nobody knows the images.
    if (!isTaken) await writeImages(context, record, { label, images: record.images });
    await context.progress.step(`Taking snapshot "${label}" of machine "${name}"`, (step) =>
      snapshots.take(label, operationFor(context, step)),
    );
  });
}

/**
 * Makes the machine what it was, also the images that it boots: memory of another engine would not fit. What it has
 * become since is lost. @throws as changeSnapshots and restoreImages
 */
export function restoreSnapshot(context: Context, name: string, label: string): Promise<void> {
  return changeSnapshots(context, name, async ({ record, snapshots }) => {
    const restore = (from: Snapshots) => (step: Step) =>
      from.restore(label, operationFor(context, step));
    const title = `Restoring snapshot "${label}" of machine "${name}"`;
    const images = record.snapshotImages?.[label];
    if (images === undefined || isDeepStrictEqual(images, record.images)) {
      await context.progress.step(title, restore(snapshots));
    } else {
      const former: MachineRecord = { ...record, images };
      await restoreImages(context, former);
      await context.store.writeMachine(former);
      const { instance } = await openRecord(context, former);
      await context.progress.step(title, restore(partOf(instance.snapshots, former)));
    }
    await endAgent(context, name);
  });
}

/** @throws as changeSnapshots */
export function removeSnapshot(context: Context, name: string, label: string): Promise<void> {
  return changeSnapshots(context, name, async ({ record, snapshots }) => {
    await context.progress.step(`Removing snapshot "${label}" of machine "${name}"`, (step) =>
      snapshots.remove(label, operationFor(context, step)),
    );
    await writeImages(context, record, { label, images: undefined });
  });
}

interface Change {
  readonly record: MachineRecord;
  readonly snapshots: Snapshots;
}

/** @throws TsmachineError CAPABILITY_MISSING, MACHINE_INCOMPLETE, INVALID_INPUT for a label that is taken or unknown */
function changeSnapshots(
  context: Context,
  name: string,
  change: (change: Change) => Promise<void>,
): Promise<void> {
  return withMachineLock(context, name, async () => {
    const { record, instance } = await openMachine(context, name);
    const snapshots = partOf(instance.snapshots, record);
    requireSettled(record);
    await change({ record, snapshots });
  });
}

function partOf(snapshots: Snapshots | undefined, record: MachineRecord): Snapshots {
  return requirePart(snapshots, record, "have snapshots");
}

async function writeImages(
  { store }: Context,
  record: MachineRecord,
  { label, images }: { readonly label: string; readonly images: MachineRecord["images"] },
): Promise<void> {
  const { [label]: _, ...others } = record.snapshotImages ?? {};
  const snapshotImages = images === undefined ? others : { ...others, [label]: images };
  await store.writeMachine({ ...record, snapshotImages });
}
