import { access, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makePrivateDirectory } from "../../host/files/files.ts";
import { namesIn } from "../../host/files/names-in.ts";
import { findLeftTemporaries } from "../../host/files/temporaries.ts";
import { isStaleLock, tryLock } from "../../host/locks/lock.ts";
import { importPlace } from "../../iso/bundle/while-importing.ts";
import { type Garbage, garbageAt } from "../../iso/garbage/garbage.ts";
import { imagesDirectory } from "../../iso/images/cache/image-files.ts";
import { imageKindSchema } from "../../iso/images/image-lock.ts";
import { buildLockPath, workplaceOf } from "../../iso/images/making/build-image.ts";
import { machineLockPath, partialPath, storeLockPath } from "../../store/layout.ts";
import { isMachineName } from "../../store/machine-name.ts";
import type { Context } from "../context.ts";
import { findLeftMachines } from "./left-machines.ts";

/** What a process that was killed has left somewhere in the store. */
export interface Leftover extends Garbage {
  /** Does nothing when somebody has taken it over meanwhile, and says so: false. */
  remove(signal: AbortSignal): Promise<boolean>;
}

/** Nothing of a process that runs is among them. */
export async function findLeftovers(context: Context): Promise<readonly Leftover[]> {
  const { store, now } = context;
  const { root } = store.layout;
  const temporaries = await findLeftTemporaries(root, { depth: storeDepth, now: now() });
  const folders = await findAbandoned(await lockedFolders(context));
  return [
    ...(await Promise.all(temporaries.map(removable))),
    ...folders,
    ...(await findStaleLocks(context)),
    ...(await findLeftMachines(context)),
  ];
}

/** Those that were removed: somebody may have taken over others meanwhile. */
export async function removeLeftovers(
  { signal }: Context,
  leftovers: readonly Leftover[],
): Promise<readonly Leftover[]> {
  const removed: Leftover[] = [];
  for (const leftover of leftovers) {
    signal.throwIfAborted();
    if (await leftover.remove(signal)) removed.push(leftover);
  }
  return removed;
}

/** The deepest files that have temporary names are STORE/cache/images/KIND-KEY/*. */
const storeDepth = 4;

async function removable(path: string): Promise<Leftover> {
  const remove = async () => {
    await rm(path, { recursive: true, force: true });
    return true;
  };
  return { ...(await garbageAt("leftovers", path)), remove };
}

/** A folder that is there only while the lock is held. */
interface LockedFolder {
  readonly path: string;
  readonly lock: string;
}

async function lockedFolders({ store }: Context): Promise<readonly LockedFolder[]> {
  const { root, cache } = store.layout;
  const importing = importPlace(cache);
  const names = await namesIn(join(root, "partial", "machines"));
  return [
    ...names.filter(isMachineName).map((machine) => ({
      path: partialPath(root, { machine }),
      lock: machineLockPath(root, machine),
    })),
    { path: partialPath(root, "certs"), lock: storeLockPath(root) },
    { path: importing.folder, lock: importing.lock },
    ...imageKindSchema.options.map((kind) => ({
      path: workplaceOf(cache, kind),
      lock: buildLockPath(cache, kind),
    })),
  ];
}

async function findAbandoned(folders: readonly LockedFolder[]): Promise<readonly Leftover[]> {
  const found: Leftover[] = [];
  for (const { path, lock } of folders) {
    const isInWork = (await exists(lock)) && !(await isStaleLock(lock));
    if (isInWork || !(await exists(path))) continue;
    const remove = async (signal: AbortSignal) => {
      await makePrivateDirectory(dirname(lock));
      return tryLock(lock, signal, () => rm(path, { recursive: true, force: true }));
    };
    found.push({ ...(await garbageAt("leftovers", path)), remove });
  }
  return found;
}

async function findStaleLocks({ store }: Context): Promise<readonly Leftover[]> {
  const { locks, cache } = store.layout;
  const found: Leftover[] = [];
  for (const directory of [locks, cache, imagesDirectory(cache), join(cache, "releases")]) {
    for (const name of await namesIn(directory)) {
      const path = join(directory, name);
      if (!/\.lock(\.[0-9a-f-]{36})?$/.test(name) || !(await isStaleLock(path))) continue;
      const remove = (signal: AbortSignal) => tryLock(path, signal, async () => {});
      found.push({ ...(await garbageAt("leftovers", path)), remove });
    }
  }
  return found;
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
