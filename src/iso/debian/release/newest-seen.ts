import { join } from "node:path";
import * as z from "zod";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import {
  makePrivateDirectory,
  readTextIfPresent,
  writeFileAtomic,
} from "../../../host/files/files.ts";
import { withLock } from "../../../host/locks/lock.ts";
import type { Report } from "../mirrors/mirror.ts";
import type { Release } from "./release-file.ts";

export interface SeenLimits {
  readonly cacheDirectory: string;
  readonly signal: AbortSignal;
  /** Whether an older release is refused, or used with a warning; refused unless given. */
  readonly rollback?: "refused" | "allowed" | undefined;
  readonly report?: Report | undefined;
}

/**
 * Remembers the newest date of each suite and refuses an older release: an old one is signed as
 * well, and an attacker could offer it for its known holes.
 * @throws TsmachineError RELEASE_ROLLBACK
 */
export async function refuseRollback(
  release: Release,
  { cacheDirectory, signal, rollback = "refused", report }: SeenLimits,
): Promise<void> {
  const directory = join(cacheDirectory, "releases");
  const path = join(directory, `${release.codename}.date`);
  await makePrivateDirectory(directory);
  const date = release.date.toISOString();
  const guards = `the newest date of ${release.codename}`;
  await withLock(`${path}.lock`, { guards, timeoutMs: 10_000, signal }, async () => {
    const seen = await readSeen(path);
    if (seen !== undefined && release.date < seen) {
      const problem = `${release.codename} is of ${date}, older than what was seen before: ${seen.toISOString()}`;
      if (rollback === "allowed") {
        report?.(problem, "warning");
        return;
      }
      throw new TsmachineError("RELEASE_ROLLBACK", problem, {
        hints: [
          "try again later, or name a mirror that is up to date with --mirror",
          `if you do want the older release, remove ${path}`,
        ],
      });
    }
    if (seen?.getTime() !== release.date.getTime()) {
      await writeFileAtomic(path, `${date}\n`);
    }
  });
}

/** A file that was damaged is as good as none. */
async function readSeen(path: string): Promise<Date | undefined> {
  const { data } = z.iso.datetime().safeParse((await readTextIfPresent(path))?.trim());
  return data === undefined ? undefined : new Date(data);
}
