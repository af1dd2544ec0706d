import type { ArchiveOptions } from "./archive.ts";
import type { DebianLock } from "./lock.ts";
import { askMirrors } from "./mirrors/mirror.ts";
import { fetchPackageIndex, indexFileOf } from "./packages/fetch-index.ts";
import type { PackageIndex } from "./packages/package-index.ts";
import { readArchiveKeys } from "./release/archive-keys.ts";
import { fetchRelease } from "./release/fetch-release.ts";

/** One release of Debian for one architecture, as of one moment, verified; nothing of it is read yet. */
export interface OpenedSuite {
  /** Code name and date, as they go into a lock. */
  readonly release: Omit<DebianLock, "packages">;
  /** Of the index as its release gives it: the same hash means the same packages. */
  readonly indexSha256: string;
  /** Fetches the index, unless the cache has it, and reads it. @throws as fetchPackageIndex */
  readIndex(): Promise<PackageIndex>;
}

/**
 * Opens a release with the first mirror that works.
 * @throws TsmachineError of `fetchRelease` and `askMirrors`; RELEASE_INVALID when the release has
 *   no packages for that architecture.
 */
export async function openSuite(options: ArchiveOptions): Promise<OpenedSuite> {
  const { architecture, onProgress } = options;
  const keys = await readArchiveKeys(options.keysDirectory);
  const ask = askMirrors(options);
  const release = await ask((mirror) => fetchRelease({ ...options, mirror, keys }));
  return {
    release: { suite: release.codename, date: release.date.toISOString() },
    indexSha256: indexFileOf(release, architecture).sha256,
    readIndex: () =>
      ask((mirror) =>
        fetchPackageIndex({
          ...{ ...options, mirror, release },
          onProgress: (receivedBytes, totalBytes) => onProgress?.({ receivedBytes, totalBytes }),
        }),
      ),
  };
}
