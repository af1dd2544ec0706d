import type { Architecture } from "../../host/architecture.ts";
import type { DebianArchive } from "../debian/archive.ts";
import { mergeIndexes } from "../debian/packages/merged-index.ts";
import { resolvePackages } from "../debian/packages/resolve.ts";
import type { ImageReport } from "./image-design.ts";
import type { ImageLock } from "./image-lock.ts";
import type { PackageSource } from "./package-source.ts";

/** A suite together with its security updates, where the source has any. */
export interface UpdatedSuite {
  readonly releases: ImageLock["releases"];
  readonly resolve: DebianArchive["resolve"];
}

/** @throws TsmachineError of PackageSource.openArchive and openUpdates */
export async function openWithUpdates(
  { suite, architecture }: { readonly suite: string; readonly architecture: Architecture },
  { source, report }: { readonly source: PackageSource; readonly report: ImageReport },
): Promise<UpdatedSuite> {
  const own = await source.openArchive(suite, architecture, report);
  const updates = await source.openUpdates(suite, architecture, report);
  if (updates === undefined) return { releases: [own.release], resolve: own.resolve };
  const index = mergeIndexes([own.index, updates.index]);
  return {
    releases: [own.release, updates.release],
    resolve: (request) => resolvePackages(index, request),
  };
}
