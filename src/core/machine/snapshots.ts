import { isDeepStrictEqual } from "node:util";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { Snapshots } from "../../providers/provider.ts";
import type { MachineRecord } from "../../store/record.ts";
import { endAgent } from "../agent/end-agent.ts";
import { type Context, operationFor } from "../context.ts";
import { restoreImages } from "../images/images.ts";
import { openMachine } from "./open-machine.ts";
import { requirePart } from "./require-part.ts";
import { requireSettled } from "./require-settled.ts";
import { withMachineLock } from "./with-machine-lock.ts";

/** Labels, oldest first. @throws TsmachineError CAPABILITY_MISSING, MACHINE_NOT_FOUND */
export async function listSnapshots(context: Context, name: string): Promise<readonly string[]> {
  const { record, instance } = await openMachine(context, name);
  return partOf(instance.snapshots, record).list(operationFor(context));
}

/**
 * Keeps the machine's disk as it is now, and what it does now if it runs.
 * @throws as changeSnapshots, INVALID_INPUT also for a label that no list could show
 */
export async function takeSnapshot(context: Context, name: string, label: string): Promise<void> {
  requireLabel(label);
  return changeSnapshots(context, name, async ({ record, snapshots }) => {
    const labels = await snapshots.list(operationFor(context));
    const { images } = record;
    // Written before, so that no snapshot is there of which nobody knows the images.
    if (!labels.includes(label) && images !== undefined) {
      await writeImages(context, record, { labels, added: { [label]: images } });
    }
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
    const images = record.snapshotImages?.[label] ?? record.images;
    const former: MachineRecord = { ...record, ...(images && { images }) };
    const hasOthers = !isDeepStrictEqual(images, record.images);
    if (hasOthers) await restoreImages(context, former);
    await context.progress.step(
      `Restoring snapshot "${label}" of machine "${name}"`,
      // One that fails before leaves a machine whose disk and memory go with the images that it has.
      (step) =>
        snapshots.restore(label, operationFor(context, step), async () => {
          if (hasOthers) await context.store.writeMachine(former);
        }),
    );
    await endAgent(context, name);
  });
}

/** @throws as changeSnapshots */
export function removeSnapshot(context: Context, name: string, label: string): Promise<void> {
  return changeSnapshots(context, name, async ({ record, snapshots }) => {
    await context.progress.step(`Removing snapshot "${label}" of machine "${name}"`, (step) =>
      snapshots.remove(label, operationFor(context, step)),
    );
    await writeImages(context, record, { labels: await snapshots.list(operationFor(context)) });
  });
}

/** Of new snapshots alone: those that are there, perhaps made in the hypervisor's own program, can be removed. */
function requireLabel(label: string): void {
  if (label !== "" && !/\p{Cc}/u.test(label)) return;
  const problem = label === "" ? "is empty" : "has a control character";
  throw new TsmachineError("INVALID_INPUT", `the label of a snapshot ${problem}`, {
    hints: ["choose another, in one line, such as `before-upgrade`"],
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

interface KnownSnapshots {
  /** Of those that are there. */
  readonly labels: readonly string[];
  readonly added?: MachineRecord["snapshotImages"];
}

/** Stores the images of the snapshots that are there, and of no others: what was noted of one that came to nothing goes. */
async function writeImages(
  { store }: Context,
  record: MachineRecord,
  { labels, added }: KnownSnapshots,
): Promise<void> {
  const known = Object.entries(record.snapshotImages ?? {}).filter(([one]) => labels.includes(one));
  const snapshotImages = { ...Object.fromEntries(known), ...added };
  await store.writeMachine({ ...record, snapshotImages });
}
