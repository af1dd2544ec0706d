import { randomUUID } from "node:crypto";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { isSystemError } from "../errors/system-error.ts";
import { TsmachineError } from "../errors/tsmachine-error.ts";
import { temporaryPathFor } from "./files.ts";
import { identifyProcess, isRunning, processIdentitySchema } from "./process-identity.ts";

const holderSchema = z.object({ ...processIdentitySchema.shape, token: z.string() });
type Holder = z.infer<typeof holderSchema>;

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
 * @throws TsmachineError LOCK_TIMEOUT, naming the holder's pid.
 */
export async function withLock<T>(
  path: string,
  limits: LockLimits,
  action: () => Promise<T>,
): Promise<T> {
  const release = await acquire(path, limits, performance.now() + limits.timeoutMs);
  try {
    return await action();
  } finally {
    await release();
  }
}

async function acquire(
  path: string,
  limits: LockLimits,
  deadline: number,
): Promise<() => Promise<void>> {
  const holder = await newHolder();
  const release = () => rm(path, { force: true });
  let announced = false;
  for (;;) {
    limits.signal.throwIfAborted();
    if (await createWith(path, holder)) return release;
    const current = await readHolder(path);
    if (current === undefined) continue;
    if (!(await isRunning(current))) {
      const releaseTakeover = await acquire(`${path}.${current.token}`, limits, deadline);
      try {
        if ((await readHolder(path))?.token === current.token) {
          await replaceWith(path, holder);
          return release;
        }
      } finally {
        await releaseTakeover();
      }
      continue;
    }
    if (performance.now() > deadline) {
      throw new TsmachineError(
        "LOCK_TIMEOUT",
        `${limits.guards} is in use by process ${current.pid}`,
        {
          hints: ["wait until that command has ended, then run this one again"],
        },
      );
    }
    if (!announced) limits.onWait?.(current.pid);
    announced = true;
    await delay(50, undefined, { signal: limits.signal });
  }
}

async function newHolder(): Promise<Holder> {
  const self = await identifyProcess(process.pid);
  if (self === undefined) throw new Error("this process has no start time");
  return { ...self, token: randomUUID() };
}

/** link(2) fails when the name exists, and the file it gives a name to is already whole. */
async function createWith(path: string, holder: Holder): Promise<boolean> {
  const temporary = temporaryPathFor(path);
  await writeFile(temporary, JSON.stringify(holder), { mode: 0o600, flag: "wx" });
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if (isSystemError(error, "EEXIST")) return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

async function replaceWith(path: string, holder: Holder): Promise<void> {
  const temporary = temporaryPathFor(path);
  await writeFile(temporary, JSON.stringify(holder), { mode: 0o600, flag: "wx" });
  await rename(temporary, path);
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    return holderSchema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return undefined;
    throw error;
  }
}
