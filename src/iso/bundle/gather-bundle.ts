import type { Content } from "../../bytes/content.ts";
import { securitySuiteOf } from "../debian/mirrors/archive-uri.ts";
import type { MirrorFile } from "../debian/open-suite.ts";
import { findInputs } from "../images/cache/inputs.ts";
import type { ImageDesign, ImageReport } from "../images/image-design.ts";
import { type ImageLock, timeOf } from "../images/image-lock.ts";
import { lockOf } from "../images/making/ensure-image.ts";
import type { PackageSource } from "../images/package-source.ts";
import { lockedFiles } from "./bundle-manifest.ts";
import type { NewBundleFile } from "./write-bundle.ts";

export interface GatherOptions {
  readonly source: PackageSource;
  readonly cacheDirectory: string;
  readonly report: ImageReport;
  readonly signal: AbortSignal;
}

/** The images that one machine boots. */
export interface ImagePair<T> {
  readonly boot: T;
  readonly engine: T;
}

/** What Debian offers now for these images. */
export interface ChosenPackages {
  readonly locks: ImagePair<ImageLock>;
  /** By suite, as it was asked for, the files that prove its packages. */
  readonly proofs: ReadonlyMap<string, readonly MirrorFile[]>;
}

/**
 * Chooses the newest packages of these images, also when the cache has images of older ones: what
 * a bundle has of a release is what Debian has signed now.
 * @throws TsmachineError of the archive
 */
export async function choosePackages(
  { boot, engine }: ImagePair<ImageDesign>,
  { source, report }: Pick<GatherOptions, "source" | "report">,
): Promise<ChosenPackages> {
  const proofs = new Map<string, readonly MirrorFile[]>();
  const recording: PackageSource = {
    listOffers: (...which) => source.listOffers(...which),
    fetch: (...which) => source.fetch(...which),
    async openArchive(suite, ...rest) {
      const archive = await source.openArchive(suite, ...rest);
      proofs.set(suite, archive.proof);
      return archive;
    },
    async openUpdates(suite, ...rest) {
      const updates = await source.openUpdates(suite, ...rest);
      if (updates !== undefined) proofs.set(securitySuiteOf(suite), updates.proof);
      return updates;
    },
  };
  const choose = async (design: ImageDesign) =>
    lockOf(design, await design.choose(recording, report));
  return { locks: { boot: await choose(boot), engine: await choose(engine) }, proofs };
}

/**
 * The files of a bundle of these packages, fetched where the cache does not have them.
 * @throws TsmachineError of the archive; INPUT_MISSING
 */
export async function gatherFiles(
  { locks: { boot, engine }, proofs }: ChosenPackages,
  { source, cacheDirectory, report, signal }: GatherOptions,
): Promise<readonly NewBundleFile[]> {
  const locks = [boot, engine];
  const cached = new Map<string, string>();
  for (const lock of locks) {
    const wanted = { packages: lock.packages, date: timeOf(lock).toISOString() };
    const packages = await source.fetch(wanted, ({ receivedBytes, totalBytes }) =>
      report.bytes({ received: receivedBytes, total: totalBytes }),
    );
    for (const { sha256, path } of packages) cached.set(sha256, path);
    const inputs = await findInputs(cacheDirectory, lock.inputs, signal);
    for (const { name, sha256 } of lock.inputs) cached.set(sha256, inputs.get(name) ?? "");
  }
  const proving = [...proofs.values()].flat().map(({ archive, path, content, sha256 }) => ({
    ...{ path: `${archive}/${path}`, content, sha256 },
  }));
  const locked = lockedFiles(locks).map(({ path, size, sha256 }) => {
    const content: Content = { kind: "slice", path: cached.get(sha256) ?? "", offset: 0, size };
    return { path, content, sha256 };
  });
  return [...proving, ...locked];
}
