import { randomUUID } from "node:crypto";
import { link, readdir, rename, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import * as z from "zod";
import { parseJson } from "../../bytes/parse-json.ts";
import { isSystemError } from "../../errors/system-error.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { readTextIfPresent, removeFile, temporaryPathFor } from "../files/files.ts";
import {
  identifyThisProcess,
  isRunning,
  type ProcessIdentity,
  processIdentitySchema,
} from "../processes/process-identity.ts";
import { sleep } from "../sleep.ts";

export interface LockLimits {
  /** What the lock guards, for the error message: `machine "default"`. */
  readonly guards: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Called once when somebody else holds the lock, before the wait. */
  readonly onWait?: (holderPid: number) => void;
}

/**
 * Runs `action` while this process alone holds the lock file. The folder of the file must exist.
 *
 * The file names its holder by pid and start time, so a lock whose holder died is taken over.
 * Taking over is itself done under a lock that is named after the dead holder's token: two
 * waiters can therefore never both replace the same stale file, nor one replace the other's new one.
 * @throws TsmachineError LOCK_TIMEOUT, naming the holder's pid; the signal's reason when aborted.
 */
export async function withLock<T>(
  path: string,
  limits: LockLimits,
  action: () => Promise<T>,
): Promise<T> {
  await acquire(path, limits, performance.now() + limits.timeoutMs);
  try {
    return await action();
  } finally {
    await removeFile(path);
  }
}

/** The process that holds the lock now; undefined when none does. Changes nothing. */
export async function lockHolder(path: string): Promise<ProcessIdentity | undefined> {
  const holder = (await readLock(path))?.holder;
  return holder !== undefined && (await isRunning(holder)) ? holder : undefined;
}

/** Whether there is a lock file whose holder is gone. Changes nothing. */
export async function isStaleLock(path: string): Promise<boolean> {
  const found = await readLock(path);
  if (found === undefined) return false;
  return found.holder === undefined || !(await isRunning(found.holder));
}

/**
 * Runs `action` like withLock, but does not wait: false when somebody else holds the lock, and then
 * nothing was done. Afterwards the lock file is gone, also one that a dead process had left.
 */
export async function tryLock(
  path: string,
  signal: AbortSignal,
  action: () => Promise<void>,
): Promise<boolean> {
  let isEntered = false;
  try {
    await withLock(path, { guards: path, timeoutMs: 0, signal }, async () => {
      isEntered = true;
      await action();
    });
    return true;
  } catch (error) {
    const isHeld = error instanceof TsmachineError && error.code === "LOCK_TIMEOUT";
    if (isHeld && !isEntered) return false;
    throw error;
  }
}

const lockFileSchema = z.object({ ...processIdentitySchema.shape, token: z.string() });
type LockFile = z.infer<typeof lockFileSchema>;

async function acquire(path: string, limits: LockLimits, deadline: number): Promise<void> {
  const own = await ownLockFile();
  let announced = false;
  for (;;) {
    limits.signal.throwIfAborted();
    const found = await readLock(path);
    if (found === undefined) {
      if (await createLock(path, own)) return;
      continue;
    }
    if (found.holder === undefined || !(await isRunning(found.holder))) {
      if (await takeOver(path, found.token, { own, limits, deadline })) return;
      continue;
    }
    if (performance.now() > deadline) throw timeout(limits, found.holder);
    if (!announced) limits.onWait?.(found.holder.pid);
    announced = true;
    await sleep(50, limits.signal);
  }
}

async function ownLockFile(): Promise<LockFile> {
  return { ...(await identifyThisProcess()), token: randomUUID() };
}

interface FoundLock {
  /** Undefined when the file names nobody: made by hand, or emptied by a power failure. */
  readonly holder: ProcessIdentity | undefined;
  readonly token: string;
}

async function readLock(path: string): Promise<FoundLock | undefined> {
  const text = await readTextIfPresent(path);
  if (text === undefined) return undefined;
  const file = lockFileSchema.safeParse(parseJson(text));
  if (!file.success) return { holder: undefined, token: "unreadable" };
  return { holder: file.data, token: file.data.token };
}

/** link(2) fails when the name exists, and the file it gives a name to is already whole. */
async function createLock(path: string, own: LockFile): Promise<boolean> {
  const temporary = await writeTemporary(path, own);
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if (isSystemError(error, "EEXIST")) return false;
    throw error;
  } finally {
    await removeFile(temporary);
  }
}

/** False when somebody else was faster. */
async function takeOver(
  path: string,
  staleToken: string,
  { own, limits, deadline }: { own: LockFile; limits: LockLimits; deadline: number },
): Promise<boolean> {
  const takeoverPath = `${path}.${staleToken}`;
  await acquire(takeoverPath, limits, deadline);
  try {
    if ((await readLock(path))?.token !== staleToken) return false;
    await rename(await writeTemporary(path, own), path);
  } finally {
    await removeFile(takeoverPath);
  }
  await removeLeftTakeovers(path);
  return true;
}

async function writeTemporary(path: string, own: LockFile): Promise<string> {
  const temporary = temporaryPathFor(path);
  await writeFile(temporary, JSON.stringify(own), { mode: 0o600, flag: "wx" });
  return temporary;
}

/**
 * Removes takeover locks of processes that were killed while taking over. Only the lock's
 * holder may: no stale token comes back while it holds, so whoever waits for one finds nothing to do.
 */
async function removeLeftTakeovers(path: string): Promise<void> {
  const prefix = `${basename(path)}.`;
  for (const name of await readdir(dirname(path))) {
    const isTakeover = name.startsWith(prefix) && /^[0-9a-f-]{36}$/.test(name.slice(prefix.length));
    if (isTakeover) await removeFile(join(dirname(path), name));
  }
}

function timeout({ guards }: LockLimits, holder: ProcessIdentity): TsmachineError {
  return new TsmachineError("LOCK_TIMEOUT", `${guards} is in use by process ${holder.pid}`, {
    hints: ["wait until that command has ended, then run this one again"],
  });
}
