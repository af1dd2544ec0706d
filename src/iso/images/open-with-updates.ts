import type { Architecture } from "../../host/architecture.ts";
import type { DebianArchive } from "../debian/archive.ts";
import type { LockedPackage } from "../debian/lock.ts";
import { mergeIndexes } from "../debian/packages/merged-index.ts";
import type { PackageIndex } from "../debian/packages/package-index.ts";
import { resolvePackages } from "../debian/packages/resolve.ts";
import type { ImageReport } from "./image-design.ts";
import type { ImageLock } from "./image-lock.ts";
import type { PackageSource } from "./package-source.ts";

/** A suite together with its security updates, where the source has any. */
export interface UpdatedSuite {
  readonly releases: ImageLock["releases"];
  /** The package of that name in its newest version; undefined when there is none. */
  newestOf(name: string): LockedPackage | undefined;
  readonly resolve: DebianArchive["resolve"];
}

/** @throws TsmachineError of PackageSource.openArchive and openUpdates */
export async function openWithUpdates(
  { suite, architecture }: { readonly suite: string; readonly architecture: Architecture },
  { source, report }: { readonly source: PackageSource; readonly report: ImageReport },
): Promise<UpdatedSuite> {
  const own = await source.openArchive(suite, architecture, report);
  const updates = await source.openUpdates(suite, architecture, report);
  if (updates === undefined) {
    return { releases: [own.release], newestOf: newestIn(own.index), resolve: own.resolve };
  }
  const index = mergeIndexes([own.index, updates.index]);
  return {
    releases: [own.release, updates.release],
    newestOf: newestIn(index),
    resolve: (request) => resolvePackages(index, request),
  };
}

function newestIn(index: PackageIndex): UpdatedSuite["newestOf"] {
  return (name) => index.versionsOf(name)[0]?.locked;
}
