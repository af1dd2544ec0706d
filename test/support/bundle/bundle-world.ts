import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../../../src/core/context.ts";
import { openArchive } from "../../../src/iso/debian/archive.ts";
import { fetchPackages } from "../../../src/iso/debian/fetch-packages.ts";
import { type ArchiveOptions, openSuite } from "../../../src/iso/debian/open-suite.ts";
import type { CancellableSource } from "../../../src/iso/images/package-source.ts";
import { listOffers } from "../../../src/iso/offers/list-offers.ts";
import {
  type ArchiveKey,
  debianRepository,
  generateArchiveKey,
  hoursAgo,
  type TestPackage,
  testNow,
} from "../debian/repository.ts";
import { type FileServer, startFileServer } from "../debian/server.ts";
import {
  type FakePackage,
  fakePackagePath,
  fakePackages,
  writeFakePackage,
} from "../images/fake-images-packages.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { type CoreWorld, coreWorld } from "../worlds/core-world.ts";

/** A host with a network, where bundles are made, and a signed mirror of small packages. */
export interface BundleWorld {
  readonly key: ArchiveKey;
  readonly server: FileServer;
  readonly online: CoreWorld;
  /** Where a bundle can be written. */
  readonly path: string;
  /** Serves another state of the mirror. */
  publish(state: MirrorState): Promise<void>;
  /** A host without a network that trusts the same key. */
  offlineHost(): Promise<CoreWorld>;
}

export interface MirrorState {
  /** Of the suite trixie. */
  readonly packages?: readonly FakePackage[];
  /** Of the suite trixie-security, which there is not otherwise. */
  readonly securityPackages?: readonly FakePackage[];
  readonly date?: Date;
  readonly validUntil?: Date;
}

const suites = ["trixie", "trixie-security"];

export async function bundleWorld(): Promise<BundleWorld> {
  const key = await generateArchiveKey();
  const server = await startFileServer();
  const folder = await temporaryDirectory();
  const publish = async ({ packages, securityPackages, ...dates }: MirrorState) => {
    const state = { key, date: hoursAgo(2), ...dates };
    const trixie = await testPackages(folder, packages ?? fakePackages);
    serve(server, "debian", await debianRepository({ ...state, packages: trixie }));
    if (securityPackages === undefined) return;
    const security = {
      ...{ suite: "stable-security", codename: "trixie-security" },
      packages: await testPackages(folder, securityPackages),
    };
    serve(server, "debian-security", await debianRepository({ ...state, ...security }));
  };
  await publish({});
  const online = await hostTrusting(key, (context) => sourceAt(server, context));
  return {
    ...{ key, server, online, publish, path: join(folder, "bundle.tar") },
    async offlineHost() {
      const host = await hostTrusting(key, ({ packageSource }) => packageSource);
      host.packages.isOnline = false;
      return host;
    },
  };
}

/** SHA-256 of every file of every image that the store has, by path. */
export async function imageDigests({ context }: CoreWorld): Promise<Record<string, string>> {
  const images = join(context.store.layout.cache, "images");
  const digests: Record<string, string> = {};
  for (const name of await namesBelow(images)) {
    if (/checked\.json$|\.lock$/.test(name)) continue;
    const bytes = await readFile(join(images, name));
    digests[name] = createHash("sha256").update(bytes).digest("hex");
  }
  return digests;
}

/** Files, but for locks, by path below the folder; none when there is no such folder. */
async function namesBelow(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

async function hostTrusting(
  { armored }: ArchiveKey,
  sourceOf: (context: Context) => CancellableSource,
): Promise<CoreWorld> {
  const world = await coreWorld();
  const { templates } = world.context;
  await mkdir(join(templates, "keys"));
  await writeFile(join(templates, "keys", "key.asc"), armored);
  await writeFile(join(templates, "suites.json"), JSON.stringify(suites));
  const context = { ...world.context, now: () => testNow };
  return { ...world, context: { ...context, packageSource: sourceOf(context) } };
}

function sourceAt(server: FileServer, { store, templates, signal }: Context): CancellableSource {
  const { uri } = server;
  const mirror = {
    ...{ uri: `${uri}/debian`, securityUri: `${uri}/debian-security`, origin: "from --mirror" },
  };
  const shared = {
    ...{ mirrors: [mirror], cacheDirectory: store.layout.cache, signal, report: () => {} },
    retry: { delaysMs: [] },
  };
  const suiteOptions = (suite: string, architecture: string): ArchiveOptions => ({
    ...{ ...shared, suite, architecture, now: testNow, keysDirectory: join(templates, "keys") },
  });
  const source: CancellableSource = {
    until: () => source,
    openArchive: (suite, architecture) => openArchive(suiteOptions(suite, architecture)),
    openUpdates: async (suite, architecture) =>
      server.files.has(`debian-security/dists/${suite}-security/InRelease`)
        ? openArchive(suiteOptions(`${suite}-security`, architecture))
        : undefined,
    listOffers: (architecture, report) =>
      listOffers({
        ...{ ...shared, suites, architecture, report },
        openSuite: (suite) => openSuite(suiteOptions(suite, architecture)),
      }),
    fetch: (wanted, onProgress) => fetchPackages(wanted, { ...shared, onProgress }),
  };
  return source;
}

function serve(server: FileServer, archive: string, files: ReadonlyMap<string, Uint8Array>): void {
  for (const [path, bytes] of files) server.files.set(`${archive}/${path}`, bytes);
}

async function testPackages(
  folder: string,
  packages: readonly FakePackage[],
): Promise<readonly TestPackage[]> {
  const written: TestPackage[] = [];
  for (const item of packages) {
    const { name, version, depends = [] } = item;
    const content = await readFile(fakePackagePath(folder, await writeFakePackage(folder, item)));
    const fields = depends.length > 0 ? { Depends: depends.join(", ") } : {};
    written.push({ name, version, fields, content });
  }
  return written;
}
