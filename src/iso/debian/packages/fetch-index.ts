import { extname, join } from "node:path";
import { chunksOf } from "../../../bytes/content.ts";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { download } from "../../../host/download/download.ts";
import type { HttpClient } from "../../../host/download/http-client.ts";
import { tidyPartials } from "../../../host/download/partial-file.ts";
import { decompress } from "../../unpack/decompress.ts";
import { cachedFile } from "../content-cache.ts";
import { archiveOf, archiveUri } from "../mirrors/archive-uri.ts";
import type { Mirror } from "../mirrors/mirror.ts";
import type { IndexFile, Release } from "../release/release-file.ts";
import { type PackageIndex, readPackageIndex } from "./package-index.ts";

export interface IndexRequest {
  readonly mirror: Mirror;
  /** The suite's name in the mirror's `dists` folder. */
  readonly suite: string;
  /** The verified release of that suite. */
  readonly release: Release;
  /** Debian's name: "amd64". */
  readonly architecture: string;
  readonly cacheDirectory: string;
  readonly signal: AbortSignal;
  /** How to get there: directly unless given. */
  readonly http?: HttpClient | undefined;
  readonly onProgress?: ((receivedBytes: number, totalBytes: number) => void) | undefined;
  readonly stallTimeoutMs?: number;
}

/** Several times what Debian's largest index unpacks to. */
const maxBytes = 512 << 20;

/**
 * The index of the packages in component main, with the size and hash that the release gives it.
 * It is kept in the cache under its hash.
 * @throws TsmachineError PACKAGE_UNAVAILABLE when the release has no such index, and what
 *   `download` throws.
 */
export async function fetchPackageIndex(request: IndexRequest): Promise<PackageIndex> {
  const { mirror, suite, release, architecture, signal, onProgress } = request;
  const { sha256, size } = indexFileOf(release, architecture);
  const { served, directory, name } = indexPlaces(request);
  const url = `${archiveUri(mirror, archiveOf(suite))}/${served}`;
  await tidyPartials(directory, new Date());
  const path = await cachedFile({ directory, name, size, sha256, signal }, (path) =>
    download({
      ...request,
      url,
      path,
      size,
      sha256,
      onProgress: (received) => onProgress?.(received, size),
    }),
  );
  const title = `${release.codename} ${architecture}`;
  return readPackageIndex(title, uncompressed(path, { sha256, size }, signal));
}

/** Where mirrors have the index, below their archive, and where the cache keeps it. */
export function indexPlaces(
  request: Pick<IndexRequest, "suite" | "release" | "architecture" | "cacheDirectory">,
) {
  const { suite, release, architecture, cacheDirectory } = request;
  const { remotePath, sha256 } = indexFileOf(release, architecture);
  const path = release.byHash ? byHash(remotePath, sha256) : remotePath;
  return {
    served: `dists/${suite}/${path}`,
    directory: join(cacheDirectory, "indexes"),
    name: `${sha256}${extname(remotePath)}`,
  };
}

/**
 * The index that the release has of that architecture, and its path below dists/SUITE.
 * @throws TsmachineError PACKAGE_UNAVAILABLE when it has none.
 */
export function indexFileOf(
  release: Release,
  architecture: string,
): IndexFile & { remotePath: string } {
  for (const ending of [".xz", ".gz"]) {
    const remotePath = `main/binary-${architecture}/Packages${ending}`;
    const file = release.files.get(remotePath);
    if (file) return { remotePath, ...file };
  }
  const architectures = release.architectures.filter((name) => name !== "all").join(", ");
  throw new TsmachineError(
    "PACKAGE_UNAVAILABLE",
    `Debian ${release.codename} has no packages for ${architecture}`,
    { hints: [`choose one of its architectures: ${architectures}`] },
  );
}

/** https://wiki.debian.org/DebianRepository/Format#indices_acquisition_via_hashsums_.28by-hash.29 */
function byHash(path: string, sha256: string): string {
  return `${path.slice(0, path.lastIndexOf("/"))}/by-hash/SHA256/${sha256}`;
}

async function* uncompressed(
  path: string,
  { size }: IndexFile,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const compressed = chunksOf({ kind: "slice", path, offset: 0, size });
  const compression = path.endsWith(".xz") ? "xz" : "gzip";
  for await (const chunk of decompress(compressed, { compression, maxBytes, path })) {
    signal.throwIfAborted();
    yield chunk;
  }
}
