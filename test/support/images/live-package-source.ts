import { join } from "node:path";
import { openArchive } from "../../../src/iso/debian/archive.ts";
import { fetchPackages } from "../../../src/iso/debian/fetch-packages.ts";
import type { Mirror } from "../../../src/iso/debian/mirrors/mirror.ts";
import type { PackageSource } from "../../../src/iso/images/package-source.ts";
import { packageDirectory } from "../machines/tsmachine.ts";

/** The cache that all tests share, with what they have downloaded. */
export const sharedCache = join(packageDirectory, "node_modules/.cache/tsmachine");

/** Debian's own packages, from a mirror and the cache that all tests share. */
export function livePackageSource(mirror: Mirror, signal: AbortSignal): PackageSource {
  const options = { mirrors: [mirror], cacheDirectory: sharedCache, signal, report: () => {} };
  return {
    openArchive: (suite, architecture) =>
      openArchive({
        ...{ ...options, suite, architecture, now: new Date() },
        keysDirectory: join(packageDirectory, "templates/keys"),
        // A mirror that is frozen at some day stays usable for tests.
        validUntil: "ignored",
      }),
    openUpdates: async () => undefined,
    listOffers: () => Promise.reject(new Error("these tests take what the recipes name")),
    fetch: (wanted, onProgress) => fetchPackages(wanted, { ...options, onProgress }),
  };
}
