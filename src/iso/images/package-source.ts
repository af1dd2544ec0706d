import type { Architecture } from "../../host/architecture.ts";
import type { DebianArchive } from "../debian/archive.ts";
import type { FetchedPackage, FetchProgress } from "../debian/fetch-packages.ts";
import type { LockedPackage } from "../debian/lock.ts";
import type { Offers } from "../offers/list-offers.ts";
import type { ImageReport } from "./image-design.ts";

export type OpenedArchive = Pick<DebianArchive, "release" | "index" | "resolve" | "proof">;

/** Where packages come from; asked only when the cache does not have the image. */
export interface PackageSource {
  openArchive(
    suite: string,
    architecture: Architecture,
    report: ImageReport,
  ): Promise<OpenedArchive>;
  /**
   * The security updates of a suite, such as "trixie-security" for "trixie"; undefined when it has
   * none, or when the source does not have them, which it tells the user.
   */
  openUpdates(
    suite: string,
    architecture: Architecture,
    report: ImageReport,
  ): Promise<OpenedArchive | undefined>;
  /** What the suites that the source knows offer; see `listOffers`. */
  listOffers(architecture: Architecture, report: ImageReport): Promise<Offers>;
  /** Exactly these packages, whether or not the archive still offers them. */
  fetch(
    wanted: { readonly packages: readonly LockedPackage[]; readonly date: string },
    onProgress: (progress: FetchProgress) => void,
  ): Promise<readonly FetchedPackage[]>;
}

/** A source some of whose requests may end before those of the others. */
export interface CancellableSource extends PackageSource {
  /** This source, whose requests also end when the signal is aborted. What it has opened is shared. */
  until(signal: AbortSignal): CancellableSource;
}
