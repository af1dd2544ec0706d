import { rm } from "node:fs/promises";
import { join } from "node:path";
import { makePrivateDirectory } from "../../host/files/files.ts";
import { withLock } from "../../host/locks/lock.ts";
import type { ImageReport } from "../images/image-design.ts";

export interface ImportPlace {
  readonly cacheDirectory: string;
  readonly report: Pick<ImageReport, "detail">;
  readonly signal: AbortSignal;
}

/** An import builds images. */
const lockTimeoutMs = 30 * 60_000;

/**
 * Runs `action` with an empty folder, while no other process imports a bundle into this cache. The
 * folder is deleted afterwards; one that a killed process has left is deleted before.
 * @throws TsmachineError LOCK_TIMEOUT; the signal's reason when aborted.
 */
export async function whileImporting<T>(
  { cacheDirectory, report, signal }: ImportPlace,
  action: (folder: string) => Promise<T>,
): Promise<T> {
  await makePrivateDirectory(cacheDirectory);
  const { folder, lock } = importPlace(cacheDirectory);
  const limits = {
    ...{ guards: "the import of bundles", timeoutMs: lockTimeoutMs, signal },
    onWait: (pid: number) => report.detail(`process ${pid} imports a bundle; waiting for that one`),
  };
  return withLock(lock, limits, async () => {
    try {
      await rm(folder, { recursive: true, force: true });
      await makePrivateDirectory(folder);
      return await action(folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

/** The folder that bundles are unpacked into, and the lock that is held while it is there. */
export function importPlace(cacheDirectory: string) {
  return {
    folder: join(cacheDirectory, "bundle.importing"),
    lock: join(cacheDirectory, "bundle.lock"),
  };
}
