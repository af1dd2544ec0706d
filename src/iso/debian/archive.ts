import { type FetchedPackage, type FetchProgress, fetchPackages } from "./fetch-packages.ts";
import type { DebianLock, LockedPackage } from "./lock.ts";
import { askMirrors, type Mirror } from "./mirrors/mirror.ts";
import { fetchPackageIndex } from "./packages/fetch-index.ts";
import type { PackageIndex } from "./packages/package-index.ts";
import { type PackageRequest, resolvePackages } from "./packages/resolve.ts";
import { readArchiveKeys } from "./release/archive-keys.ts";
import { fetchRelease } from "./release/fetch-release.ts";

export interface ArchiveOptions {
  /** In the order to try them. */
  readonly mirrors: readonly Mirror[];
  /** A code name or a suite name: "trixie", "stable". */
  readonly suite: string;
  /** Debian's name: "amd64". */
  readonly architecture: string;
  readonly cacheDirectory: string;
  /** The folder with Debian's public archive keys: templates/keys. */
  readonly keysDirectory: string;
  readonly now: Date;
  readonly signal: AbortSignal;
  /** Told one line for every mirror that is given up while another one is left. */
  readonly report: (line: string) => void;
  /** Progress of the index, the first thing of size. */
  readonly onProgress?: (progress: FetchProgress) => void;
  /** Whether a release that has passed its Valid-Until is refused; enforced unless given. */
  readonly validUntil?: "enforced" | "ignored";
  readonly stallTimeoutMs?: number;
}

/** One release of Debian for one architecture, as of one moment, verified. */
export interface DebianArchive {
  /** Code name and date, as they go into a lock. */
  readonly release: Omit<DebianLock, "packages">;
  /** The mirror that answered. */
  readonly mirror: Mirror;
  readonly index: PackageIndex;
  /** See `resolvePackages`. */
  resolve(request: PackageRequest): readonly LockedPackage[];
  /** See `fetchPackages`; the mirror that answered is asked first. */
  fetch(
    packages: readonly LockedPackage[],
    onProgress?: (progress: FetchProgress) => void,
  ): Promise<readonly FetchedPackage[]>;
}

/**
 * Opens a release with the first mirror that works: its InRelease is signed by Debian, and gives
 * the hash of the package index, which gives the hash of every package.
 * @throws TsmachineError of `fetchRelease`, `fetchPackageIndex` and `askMirrors`.
 */
export async function openArchive(options: ArchiveOptions): Promise<DebianArchive> {
  const { mirrors, report, onProgress } = options;
  const keys = await readArchiveKeys(options.keysDirectory);
  return askMirrors({ mirrors, report })(async (mirror) => {
    const release = await fetchRelease({ ...options, mirror, keys });
    const index = await fetchPackageIndex({
      ...{ ...options, mirror, release },
      onProgress: (receivedBytes, totalBytes) => onProgress?.({ receivedBytes, totalBytes }),
    });
    const workingFirst = [mirror, ...mirrors.filter((other) => other !== mirror)];
    const identity = { suite: release.codename, date: release.date.toISOString() };
    return {
      release: identity,
      mirror,
      index,
      resolve: (request) => resolvePackages(index, request),
      fetch: (packages, onProgress) =>
        fetchPackages({ ...identity, packages }, { ...options, mirrors: workingFirst, onProgress }),
    };
  });
}
