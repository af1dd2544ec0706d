import type { CachedImage } from "../../../iso/images/cache/image-cache.ts";
import { type ImageLock, keyOf } from "../../../iso/images/image-lock.ts";
import { formatLockFile } from "../../../iso/images/lock-file.ts";
import type { MachineRecord } from "../../../store/record.ts";
import type { Context } from "../../context.ts";
import { readLocks } from "../../images/images.ts";
import { imagesOf } from "../../images/recorded-images.ts";

/*
 * One write of the record puts an engine image in place and notes from which it came, so that
 * whoever finds the note knows what to do: `commitSwap` or `revertSwap`. Locks are found by the keys
 * of their images; their file is written while it has those of both.
 */

/** The next boot takes the new engine; the former one is noted. The caller holds the machine's lock. */
export async function beginSwap(
  context: Context,
  record: MachineRecord,
  { manifest }: CachedImage,
): Promise<void> {
  const former = imagesOf(record);
  const from = former.engine;
  const to = manifest.key;
  const locks = [...(await readLocks(context, record.name)), manifest.lock];
  await writeLocks(context, record, { locks, engine: from });
  const images = { ...former, engine: to };
  await context.store.writeMachine({ ...record, images, upgrade: { from, to } });
}

/** The machine has the new engine for good, and keeps the former one's key. */
export async function commitSwap(context: Context, name: string): Promise<void> {
  const { upgrade, ...record } = await context.store.readMachine(name);
  if (upgrade === undefined) return;
  const images = { ...imagesOf(record), engine: upgrade.to, previousEngine: upgrade.from };
  await settle(context, { ...record, images });
}

/** The machine has the engine again that it had before. */
export async function revertSwap(context: Context, name: string): Promise<void> {
  const { upgrade, ...record } = await context.store.readMachine(name);
  if (upgrade === undefined) return;
  await settle(context, { ...record, images: { ...imagesOf(record), engine: upgrade.from } });
}

/** The locks are tidied up when they are no longer in doubt. */
async function settle(context: Context, record: MachineRecord): Promise<void> {
  await context.store.writeMachine(record);
  const { engine, previousEngine } = imagesOf(record);
  const ofSnapshots = Object.values(record.snapshotImages ?? {}).map((images) => images.engine);
  const wanted = new Set([engine, previousEngine, ...ofSnapshots]);
  const locks = await readLocks(context, record.name);
  const kept = locks.filter((lock) => lock.kind === "boot" || wanted.has(keyOf(lock)));
  await writeLocks(context, record, { locks: kept, engine });
}

/** @param engine key of the engine image that the machine has now */
async function writeLocks(
  { store }: Context,
  record: MachineRecord,
  { locks, engine }: { readonly locks: readonly ImageLock[]; readonly engine: string },
): Promise<void> {
  const byKey = new Map(locks.map((lock) => [keyOf(lock), lock]));
  const current = [imagesOf(record).boot, engine].flatMap((key) => byKey.get(key) ?? []);
  const former = [...byKey.values()].filter((lock) => !current.includes(lock));
  if (current.length === 0) return;
  await store.writeMachineFiles(record.name, { imageLocks: formatLockFile(current, former) });
}
