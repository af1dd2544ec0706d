import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { parseJson } from "../../bytes/parse-json.ts";
import {
  makePrivateDirectory,
  readTextIfPresent,
  removeFile,
  writeFileAtomic,
} from "../files/files.ts";
import { namesIn } from "../files/names-in.ts";
import {
  identifyThisProcess,
  isRunning,
  type ProcessIdentity,
  processIdentitySchema,
} from "../processes/process-identity.ts";
import { type LockLimits, withLock } from "./lock.ts";

const gateName = "gate.lock";

/**
 * Runs `action` while this process holds a lease of that folder, which is made where it is missing.
 * Any number of processes hold leases at the same time, one process several of them. Taking one
 * waits while somebody is inside `withoutNewLeases`.
 * @throws TsmachineError LOCK_TIMEOUT; the signal's reason when aborted.
 */
export async function withLease<T>(
  directory: string,
  limits: LockLimits,
  action: () => Promise<T>,
): Promise<T> {
  await makePrivateDirectory(directory);
  const self = await identifyThisProcess();
  const path = join(directory, `${process.pid}-${randomBytes(4).toString("hex")}.lease`);
  await withLock(join(directory, gateName), limits, () =>
    writeFileAtomic(path, JSON.stringify(self), { life: "fleeting" }),
  );
  try {
    return await action();
  } finally {
    await removeFile(path);
  }
}

/**
 * Runs `action` while nobody can take a lease of that folder, and one process at a time. It is told
 * who holds leases already: these may be given back meanwhile, but none is added. Leases of
 * processes that are gone are deleted.
 * @throws TsmachineError LOCK_TIMEOUT; the signal's reason when aborted.
 */
export async function withoutNewLeases<T>(
  directory: string,
  limits: LockLimits,
  action: (holderPids: readonly number[]) => Promise<T>,
): Promise<T> {
  await makePrivateDirectory(directory);
  return withLock(join(directory, gateName), limits, async () => {
    const leases = await readLeases(directory);
    for (const { path, holder } of leases) {
      if (holder === undefined) await removeFile(path);
    }
    return action(pidsOf(leases));
  });
}

/** Who holds leases of that folder now; changes nothing. */
export async function findLeaseHolders(directory: string): Promise<readonly number[]> {
  return pidsOf(await readLeases(directory));
}

interface Lease {
  readonly path: string;
  /** Undefined when the process is gone. A lease appears whole, so that a damaged one is nobody's. */
  readonly holder: ProcessIdentity | undefined;
}

async function readLeases(directory: string): Promise<readonly Lease[]> {
  const leases: Lease[] = [];
  for (const name of (await namesIn(directory)).filter((name) => name.endsWith(".lease"))) {
    const path = join(directory, name);
    const text = await readTextIfPresent(path);
    if (text !== undefined) leases.push({ path, holder: await livingHolder(text) });
  }
  return leases;
}

async function livingHolder(text: string): Promise<ProcessIdentity | undefined> {
  const { data } = processIdentitySchema.safeParse(parseJson(text));
  return data !== undefined && (await isRunning(data)) ? data : undefined;
}

function pidsOf(leases: readonly Lease[]): readonly number[] {
  return [...new Set(leases.flatMap(({ holder }) => holder?.pid ?? []))];
}
