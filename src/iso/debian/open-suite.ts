import type { HttpClient } from "../../host/download/http-client.ts";
import type { FetchProgress } from "./fetch-packages.ts";
import type { DebianLock } from "./lock.ts";
import { askMirrors, type Mirror, type Report, type RetrySettings } from "./mirrors/mirror.ts";
import { fetchPackageIndex, indexFileOf } from "./packages/fetch-index.ts";
import type { PackageIndex } from "./packages/package-index.ts";
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
  /** Told of every mirror that is given up while another one is left, and of every wait. */
  readonly report: Report;
  /** How to get there: directly unless given. */
  readonly http?: HttpClient | undefined;
  readonly retry?: RetrySettings | undefined;
  /** Progress of the index, the first thing of size. */
  readonly onProgress?: (progress: FetchProgress) => void;
  /** Whether a release that has passed its Valid-Until is refused; enforced unless given. */
  readonly validUntil?: "enforced" | "ignored";
  readonly stallTimeoutMs?: number;
}

/** One release of Debian for one architecture, as of one moment, verified; nothing of it is read yet. */
export interface OpenedSuite {
  /** Code name and date, as they go into a lock. */
  readonly release: Omit<DebianLock, "packages">;
  /** The mirror that answered. */
  readonly mirror: Mirror;
  /** Of the index as its release gives it: the same hash means the same packages. */
  readonly indexSha256: string;
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
    readIndex: () =>
      ask((mirror) =>
        fetchPackageIndex({
          ...{ ...options, mirror, release },
          onProgress: (receivedBytes, totalBytes) => onProgress?.({ receivedBytes, totalBytes }),
        }),
      ),
  };
}
