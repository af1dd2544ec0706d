import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Content } from "../../bytes/content.ts";
import type { HttpClient } from "../../host/download/http-client.ts";
import type { FetchProgress } from "./fetch-packages.ts";
import type { DebianLock } from "./lock.ts";
import { type ArchiveName, archiveOf } from "./mirrors/archive-uri.ts";
import { askMirrors, type Mirror, type Report, type RetrySettings } from "./mirrors/mirror.ts";
import { fetchPackageIndex, indexFileOf, indexPlaces } from "./packages/fetch-index.ts";
import type { PackageIndex } from "./packages/package-index.ts";
import { readArchiveKeys } from "./release/archive-keys.ts";
import { fetchRelease, type SignedRelease } from "./release/fetch-release.ts";

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
  /** Told of every mirror that is given up while another one is left, and of every wait. */
  readonly report: Report;
  /** How to get there: directly unless given. */
  readonly http?: HttpClient | undefined;
  readonly retry?: RetrySettings | undefined;
  /** Progress of the index, the first thing of size. */
  readonly onProgress?: (progress: FetchProgress) => void;
  /** Whether a release that has passed its Valid-Until is refused; enforced unless given. */
  readonly validUntil?: "enforced" | "ignored";
  /** Whether a release older than one that was seen before is refused; refused unless given. */
  readonly rollback?: "refused" | "allowed" | undefined;
  readonly stallTimeoutMs?: number;
}

/** A file as every mirror has it. */
export interface MirrorFile {
  readonly archive: ArchiveName;
  /** Below the archive. */
  readonly path: string;
  readonly content: Content;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/** One release of Debian for one architecture, as of one moment, verified; nothing of it is read yet. */
export interface OpenedSuite {
  /** Code name and date, as they go into a lock. */
  readonly release: Omit<DebianLock, "packages">;
  /** The mirror that answered. */
  readonly mirror: Mirror;
  /** Of the index as its release gives it: the same hash means the same packages. */
  readonly indexSha256: string;
  /**
   * InRelease and index: they prove to whoever knows Debian's keys which packages are Debian's.
   * The index is there once it was read.
   */
  readonly proof: readonly MirrorFile[];
  /** Fetches the index, unless the cache has it, and reads it. @throws as fetchPackageIndex */
  readIndex(): Promise<PackageIndex>;
}

/**
 * Opens a release with the first mirror that works.
 * @throws TsmachineError of `fetchRelease` and `askMirrors`; PACKAGE_UNAVAILABLE when it has
 *   no packages for that architecture.
 */
export async function openSuite(options: ArchiveOptions): Promise<OpenedSuite> {
  const { architecture, onProgress } = options;
  const keys = await readArchiveKeys(options.keysDirectory);
  const ask = askMirrors(options);
  const { mirror, release } = await ask(async (mirror) => ({
    mirror,
    release: await fetchRelease({ ...options, mirror, keys }),
  }));
  return {
    mirror,
    release: { suite: release.codename, date: release.date.toISOString() },
    indexSha256: indexFileOf(release, architecture).sha256,
    proof: proofOf(release, options),
    readIndex: () =>
      ask((mirror) =>
        fetchPackageIndex({
          ...{ ...options, mirror, release },
          onProgress: (receivedBytes, totalBytes) => onProgress?.({ receivedBytes, totalBytes }),
        }),
      ),
  };
}

function proofOf(
  release: SignedRelease,
  options: Pick<ArchiveOptions, "suite" | "architecture" | "cacheDirectory">,
): readonly MirrorFile[] {
  const { suite, architecture } = options;
  const archive = archiveOf(suite);
  const bytes = Buffer.from(release.inRelease);
  const { sha256, size } = indexFileOf(release, architecture);
  const { served, directory, name } = indexPlaces({ ...options, release });
  const path = join(directory, name);
  return [
    {
      ...{ archive, path: `dists/${suite}/InRelease`, content: { kind: "bytes", bytes } },
      sha256: createHash("sha256").update(bytes).digest("hex"),
    },
    { archive, path: served, content: { kind: "slice", path, offset: 0, size }, sha256 },
  ];
}
