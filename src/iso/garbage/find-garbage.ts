import { join } from "node:path";
import { namesIn } from "../../host/files/names-in.ts";
import { listImages } from "../images/cache/image-cache.ts";
import type { ImageLock } from "../images/image-lock.ts";
import { type Garbage, type GarbageKind, garbageAt } from "./garbage.ts";
import { findOutdatedOffers } from "./outdated-offers.ts";
import { findUnneededImages } from "./unneeded-images.ts";

/** What of the cache somebody goes on needing. */
export interface CacheNeeds {
  /** Keys of images. */
  readonly keys: ReadonlySet<string>;
  /** What images must be able to be made of again, besides the locks of the images themselves. */
  readonly locks: readonly ImageLock[];
}

export interface GarbageSearch {
  readonly cacheDirectory: string;
  /** "unknown": nothing is garbage that a machine could need. */
  readonly needs: CacheNeeds | "unknown";
  /** "everything": also what is there only to save a download. */
  readonly extent: "unused" | "everything";
}

/**
 * What of the cache nobody needs. Files whose names this version does not know are not garbage,
 * nor are the newest dates of releases, which protect from older ones.
 */
export async function findGarbage(search: GarbageSearch): Promise<readonly Garbage[]> {
  const { cacheDirectory, needs, extent } = search;
  return [
    ...(needs === "unknown" ? [] : await findUnneeded(cacheDirectory, needs)),
    ...(await findFiles({ cacheDirectory, folder: "indexes", name: /^[0-9a-f]{64}\.(xz|gz)$/ })),
    ...(await findOutdatedOffers(cacheDirectory, extent)),
    ...(extent === "everything" ? await findBrokenOff(cacheDirectory) : []),
  ];
}

async function findUnneeded(
  cacheDirectory: string,
  needs: CacheNeeds,
): Promise<readonly Garbage[]> {
  const images = await listImages(cacheDirectory);
  const kept = images.map(({ manifest }) => manifest).filter(({ key }) => needs.keys.has(key));
  const locks = [...needs.locks, ...kept.map(({ lock }) => lock)];
  const packages = locks.flatMap((lock) => lock.packages.map(({ sha256 }) => `${sha256}.deb`));
  const inputs = locks.flatMap((lock) => lock.inputs.map(({ sha256 }) => sha256));
  const place = { cacheDirectory };
  return [
    ...(await findUnneededImages(cacheDirectory, needs.keys)),
    ...(await findFiles({ ...place, folder: "packages", name: /^[0-9a-f]{64}\.deb$/ }, packages)),
    ...(await findFiles({ ...place, folder: "inputs", name: /^[0-9a-f]{64}$/ }, inputs)),
  ];
}

/** Downloads that broke off and could be gone on with. */
async function findBrokenOff(cacheDirectory: string): Promise<readonly Garbage[]> {
  const sought = {
    cacheDirectory,
    kind: "downloads",
    name: /^[0-9a-f]{64}(\.\w+)?\.part$/,
  } as const;
  return [
    ...(await findFiles({ ...sought, folder: "packages" })),
    ...(await findFiles({ ...sought, folder: "indexes" })),
    ...(await findFiles({ ...sought, folder: "inputs" })),
  ];
}

interface SoughtFiles {
  readonly cacheDirectory: string;
  readonly folder: "packages" | "inputs" | "indexes";
  readonly name: RegExp;
  /** That of the folder unless given. */
  readonly kind?: GarbageKind;
}

async function findFiles(
  { cacheDirectory, folder, name: pattern, kind = folder }: SoughtFiles,
  neededNames: readonly string[] = [],
): Promise<readonly Garbage[]> {
  const needed = new Set(neededNames);
  const names = (await namesIn(join(cacheDirectory, folder))).filter(
    (name) => pattern.test(name) && !needed.has(name),
  );
  return Promise.all(names.map((name) => garbageAt(kind, join(cacheDirectory, folder, name))));
}
