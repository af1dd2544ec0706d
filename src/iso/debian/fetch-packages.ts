import { join } from "node:path";
import pLimit from "p-limit";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { download } from "../../host/download/download.ts";
import type { HttpClient } from "../../host/download/http-client.ts";
import { tidyPartials } from "../../host/download/partial-file.ts";
import { cachedFile } from "./content-cache.ts";
import type { DebianLock, LockedPackage } from "./lock.ts";
import { archiveUri } from "./mirrors/archive-uri.ts";
import { type AskMirrors, askMirrors, type MirrorChoice } from "./mirrors/mirror.ts";

export interface FetchOptions extends MirrorChoice {
  readonly cacheDirectory: string;
  readonly signal: AbortSignal;
  /** How to get there: directly unless given. */
  readonly http?: HttpClient | undefined;
  readonly onProgress?: ((progress: FetchProgress) => void) | undefined;
  readonly stallTimeoutMs?: number;
}

export interface FetchProgress {
  /** What was already in the cache counts as received. */
  readonly receivedBytes: number;
  readonly totalBytes: number;
}

export interface FetchedPackage extends LockedPackage {
  /** Where the .deb is, in the cache; its hash was right a moment ago. */
  readonly path: string;
}

const downloadsAtOnce = 4;

/**
 * The lock's packages as files `packages/SHA256.deb` below the cache directory, in the lock's
 * order. Whatever is there and right is used; the rest comes from the first mirror that has it.
 * Several processes may share the cache. What is whole is kept, also when it fails.
 * @throws TsmachineError PACKAGE_GONE with all the packages that no mirror has any more; as
 *   `download`, after every mirror was tried.
 */
export async function fetchPackages(
  lock: Omit<DebianLock, "suite">,
  options: FetchOptions,
): Promise<readonly FetchedPackage[]> {
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const advance = progressOver(lock.packages, options.onProgress);
  await tidyPartials(packagesDirectory(options.cacheDirectory), new Date());
  const limit = pLimit(downloadsAtOnce);
  const ask = askMirrors({ ...options, signal });
  const gone: LockedPackage[] = [];
  const tasks = lock.packages.map((wanted) =>
    limit(async () => {
      try {
        signal.throwIfAborted();
        const onProgress = (receivedBytes: number) => advance(wanted, receivedBytes);
        const path = await fetchPackage(wanted, { ...options, ask, signal, onProgress });
        advance(wanted, wanted.size);
        return { ...wanted, path };
      } catch (error) {
        if (isGone(error)) gone.push(wanted);
        else failed.abort(error);
        throw error;
      }
    }),
  );
  await Promise.allSettled(tasks);
  signal.throwIfAborted();
  if (gone.length > 0) throw packagesGone(gone, { ...lock, ...options });
  return Promise.all(tasks);
}

/** Where the cache keeps a package. */
export function packagePath(
  cacheDirectory: string,
  { sha256 }: Pick<LockedPackage, "sha256">,
): string {
  return join(packagesDirectory(cacheDirectory), packageName(sha256));
}

function packagesDirectory(cacheDirectory: string): string {
  return join(cacheDirectory, "packages");
}

function packageName(sha256: string): string {
  return `${sha256}.deb`;
}

interface PackageFetch
  extends Omit<FetchOptions, Exclude<keyof MirrorChoice, "signal"> | "onProgress"> {
  readonly ask: AskMirrors;
  readonly onProgress: (receivedBytes: number) => void;
}

function fetchPackage(
  { filename, sha256, size, archive }: LockedPackage,
  { ask, ...options }: PackageFetch,
): Promise<string> {
  const { cacheDirectory, signal } = options;
  const directory = packagesDirectory(cacheDirectory);
  return cachedFile({ directory, name: packageName(sha256), size, sha256, signal }, (path) =>
    ask((mirror) => {
      const url = `${archiveUri(mirror, archive ?? "debian")}/${filename}`;
      return download({ ...options, url, path, size, sha256 });
    }),
  );
}

function progressOver(
  packages: readonly LockedPackage[],
  onProgress: FetchOptions["onProgress"],
): (wanted: LockedPackage, receivedBytes: number) => void {
  const totalBytes = packages.reduce((total, { size }) => total + size, 0);
  const received = new Map<LockedPackage, number>();
  let sum = 0;
  return (wanted, receivedBytes) => {
    sum += receivedBytes - (received.get(wanted) ?? 0);
    received.set(wanted, receivedBytes);
    onProgress?.({ receivedBytes: sum, totalBytes });
  };
}

/** Every mirror has answered, and none has it. */
function isGone(error: unknown): boolean {
  return error instanceof TsmachineError && error.context.status === 404;
}

/** Mirrors drop a package when a newer one replaces it; Debian's snapshot archive keeps all. */
function packagesGone(
  gone: readonly LockedPackage[],
  { date, mirrors }: { readonly date: string } & Pick<MirrorChoice, "mirrors">,
): TsmachineError {
  const names = gone.map(({ name, version }) => `${name} ${version}`).sort();
  const moment = date.replace(/[-:]|\.\d+/g, "");
  return new TsmachineError("PACKAGE_GONE", `no mirror has ${names.join(", ")} any more`, {
    hints: [
      `name a mirror that keeps old packages with --mirror, such as Debian's snapshot archive of ${moment}`,
    ],
    context: { packages: names, mirrors: mirrors.map(({ uri }) => uri) },
  });
}
