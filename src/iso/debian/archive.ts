import { type FetchedPackage, type FetchProgress, fetchPackages } from "./fetch-packages.ts";
import type { DebianLock, LockedPackage } from "./lock.ts";
import { archiveOf } from "./mirrors/archive-uri.ts";
import type { Mirror } from "./mirrors/mirror.ts";
import { type ArchiveOptions, type MirrorFile, openSuite } from "./open-suite.ts";
import { inArchive } from "./packages/merged-index.ts";
import type { PackageIndex } from "./packages/package-index.ts";
import { type PackageRequest, resolvePackages } from "./packages/resolve.ts";

/** One release of Debian for one architecture, as of one moment, verified. */
export interface DebianArchive {
  /** Code name and date, as they go into a lock. */
  readonly release: Omit<DebianLock, "packages">;
  /** The mirror that answered. */
  readonly mirror: Mirror;
  readonly index: PackageIndex;
  /** InRelease and index, as they were verified; see `OpenedSuite`. */
  readonly proof: readonly MirrorFile[];
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
 * @throws TsmachineError of `openSuite` and `fetchPackageIndex`.
 */
export async function openArchive(options: ArchiveOptions): Promise<DebianArchive> {
  const { release, mirror, proof, readIndex } = await openSuite(options);
  const index = inArchive(archiveOf(options.suite), await readIndex());
  const mirrors = [mirror, ...options.mirrors.filter((other) => other !== mirror)];
  return {
    release,
    mirror,
    index,
    proof,
    resolve: (request) => resolvePackages(index, request),
    fetch: (packages, onProgress) =>
      fetchPackages({ ...release, packages }, { ...options, mirrors, onProgress }),
  };
}
