import { readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { temporaryPathFor, unlessMissing } from "../files/files.ts";
import { identifyProcess } from "../processes/process-identity.ts";

/**
 * What has come of a download that broke off waits beside its path until somebody goes on with it.
 * While one does, it has that process' temporary name, which a rename gives: to one process alone.
 */
const partialEnding = ".part";

/**
 * Takes over what an earlier download for that path has left.
 * @returns the temporary path that it has now, or undefined when there was nothing.
 */
export async function claimPartial(path: string): Promise<string | undefined> {
  const temporary = temporaryPathFor(path);
  return (await renameIfPresent(`${path}${partialEnding}`, temporary)) ? temporary : undefined;
}

/** Leaves what has come so far, when it is anything, for the next download of that path. */
export async function leavePartial(temporary: string, path: string): Promise<void> {
  const isEmpty = (await unlessMissing(stat(temporary)))?.size === 0;
  if (isEmpty) return rm(temporary, { force: true });
  await renameIfPresent(temporary, `${path}${partialEnding}`);
}

const hourMs = 60 * 60 * 1000;
const keptForMs = 7 * 24 * hourMs;
const maximumKeptBytes = 512 << 20;

/**
 * Tidies a folder of downloads that are named by their content's hash: what processes that are
 * gone were writing can be gone on with, and what has been waiting for a week, or is the oldest of
 * more than 512 MiB, is deleted. Nothing of a process that runs is touched; only where nothing was
 * written for an hour its number must have come to belong to another.
 */
export async function tidyPartials(directory: string, now: Date): Promise<void> {
  for (const { name, path, modifiedMs } of await filesIn(directory)) {
    const [, target, pid] = /^([0-9a-f]{64}(?:\.\w+)?)\.(\d+)-[0-9a-f]{8}\.tmp$/.exec(name) ?? [];
    if (target === undefined) continue;
    const isOld = now.getTime() - modifiedMs > hourMs;
    if (!isOld && (await identifyProcess(Number(pid))) !== undefined) continue;
    await leavePartial(path, join(directory, target));
  }
  const partials = (await filesIn(directory)).filter(({ name }) => name.endsWith(partialEnding));
  let keptBytes = 0;
  for (const { path, size, modifiedMs } of partials.toSorted(
    (a, b) => b.modifiedMs - a.modifiedMs,
  )) {
    keptBytes += size;
    const isStale = now.getTime() - modifiedMs > keptForMs || keptBytes > maximumKeptBytes;
    if (isStale) await rm(path, { force: true });
  }
}

interface FoundFile {
  readonly name: string;
  readonly path: string;
  readonly size: number;
  readonly modifiedMs: number;
}

/** None when there is no such folder. What disappears meanwhile is left out. */
async function filesIn(directory: string): Promise<FoundFile[]> {
  const names = (await unlessMissing(readdir(directory))) ?? [];
  const interesting = names.filter((name) => /\.(tmp|part)$/.test(name));
  const found = await Promise.all(
    interesting.map(async (name) => {
      const path = join(directory, name);
      const status = await unlessMissing(stat(path));
      return status && { name, path, size: status.size, modifiedMs: status.mtimeMs };
    }),
  );
  return found.filter((file) => file !== undefined);
}

async function renameIfPresent(from: string, to: string): Promise<boolean> {
  return (await unlessMissing(rename(from, to).then(() => true))) ?? false;
}
