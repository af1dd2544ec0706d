import { readdir, readFile } from "node:fs/promises";
import { join, parse } from "node:path";
import { openArchive } from "../../../src/iso/debian/archive.ts";
import { type FetchedPackage, fetchPackages } from "../../../src/iso/debian/fetch-packages.ts";
import { unpackDeb } from "../../../src/iso/unpack/unpack-deb.ts";
import { debPackage, tarArchive } from "../archives/deb.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import {
  type ArchiveKey,
  debianRepository,
  generateArchiveKey,
  keysDirectory,
  locked,
  type RepositoryOptions,
  sha256,
  type TestPackage,
  testNow,
} from "./repository.ts";
import { type FileServer, startFileServer } from "./server.ts";

type ArchiveOptions = Parameters<typeof openArchive>[0];

/** A signed repository of two small packages on the loopback address, and who trusts its key. */
export interface TrustChain {
  readonly key: ArchiveKey;
  readonly server: FileServer;
  readonly options: ArchiveOptions;
  /** The packages as served at first: "engine", which needs "libc6". */
  readonly packages: readonly TestPackage[];
  /** Paths on the server. */
  readonly paths: { readonly inRelease: string; readonly index: string; readonly deb: string };
  /** Serves another state of the repository, signed by the same key unless told otherwise. */
  publish(changes: Partial<RepositoryOptions>): Promise<void>;
  /** Edits the bytes of a file on the server. */
  tamper(path: string, edit: (bytes: Buffer) => Uint8Array): void;
  /** All steps from the mirror to the unpacked files of the packages. */
  obtain(): Promise<readonly FetchedPackage[]>;
}

/** @param files what the package "engine" unpacks to */
export async function trustChain(files: Uint8Array | undefined = undefined): Promise<TrustChain> {
  const key = await generateArchiveKey();
  const content = files ?? (await tarArchive([[{ name: "./usr/sbin/dockerd" }, "dockerd"]]));
  const engine: TestPackage = {
    name: "engine",
    fields: { Depends: "libc6" },
    content: debPackage({ name: "data.tar", content }),
  };
  const libc = debPackage({
    name: "data.tar",
    content: await tarArchive([[{ name: "libc" }, "l"]]),
  });
  const packages = [engine, { name: "libc6", content: libc }];
  const server = await startFileServer(await debianRepository({ key, packages }));
  const folder = await temporaryDirectory();
  const { signal } = new AbortController();
  const options: ArchiveOptions = {
    mirrors: [{ uri: server.uri, origin: "from --mirror" }],
    ...{ suite: "trixie", architecture: "amd64", now: testNow, signal },
    cacheDirectory: join(folder, "cache"),
    keysDirectory: await keysDirectory(key),
    report: () => {},
  };
  let unpackings = 0;
  return {
    ...{ key, server, options, packages },
    paths: {
      inRelease: "dists/trixie/InRelease",
      index: [...server.files.keys()].find((path) => path.includes("binary-amd64")) ?? "",
      deb: locked(engine).filename,
    },
    async publish(changes) {
      const repository = await debianRepository({ key, packages, ...changes });
      for (const [path, bytes] of repository) server.files.set(path, bytes);
    },
    tamper(path, edit) {
      const bytes = server.files.get(path);
      if (bytes === undefined) throw new Error(`nothing is served at ${path}`);
      server.files.set(path, edit(Buffer.from(bytes)));
    },
    async obtain() {
      const { release, resolve } = await openArchive(options);
      const lock = { ...release, packages: resolve({ wanted: ["engine"], without: [] }) };
      const fetched = await fetchPackages(lock, { ...options, retry: { delaysMs: [] } });
      for (const { name, path } of fetched) {
        unpackings += 1;
        await unpackDeb({ path, spoolPath: join(folder, `${name}-${unpackings}`), signal });
      }
      return fetched;
    },
  };
}

/**
 * The files of a cache that are named after their hash and are not what they are named after.
 * What is left of a download that broke off ends in ".part"; nobody takes it for a whole file.
 */
export async function falseFilesIn(cacheDirectory: string): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const folder of ["indexes", "packages"]) {
    for (const name of await namesIn(join(cacheDirectory, folder))) {
      const bytes = await readFile(join(cacheDirectory, folder, name));
      if (!name.endsWith(".part") && parse(name).name !== sha256(bytes)) wrong.push(name);
    }
  }
  return wrong;
}

async function namesIn(directory: string): Promise<readonly string[]> {
  return readdir(directory).catch(() => []);
}
