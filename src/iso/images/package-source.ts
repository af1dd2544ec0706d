import type { Architecture } from "../../host/architecture.ts";
import type { DebianArchive } from "../debian/archive.ts";
import type { FetchedPackage, FetchProgress } from "../debian/fetch-packages.ts";
import type { LockedPackage } from "../debian/lock.ts";
import type { ImageReport } from "./image-design.ts";

/** Where packages come from; asked only when the cache does not have the image. */
export interface PackageSource {
  openArchive(
    suite: string,
    architecture: Architecture,
    report: ImageReport,
  ): Promise<Pick<DebianArchive, "release" | "resolve">>;
  /**
   * The offered kernel that is meant by the user's word for it, such as "6.1" or "6.12-full".
   * @throws TsmachineError KERNEL_UNKNOWN
   */
  findKernel(
    wanted: { readonly choice: string; readonly architecture: Architecture },
    report: ImageReport,
  ): Promise<{ readonly suite: string; readonly packages: readonly string[] }>;
  /** The offered engine that is meant by "26.1" or "28.5.2". @throws TsmachineError ENGINE_UNKNOWN */
  findEngine(
    wanted: { readonly choice: string; readonly architecture: Architecture },
    report: ImageReport,
  ): Promise<{ readonly suite: string }>;
  /** Exactly these packages, whether or not the archive still offers them. */
  fetch(
    wanted: { readonly packages: readonly LockedPackage[]; readonly date: string },
    onProgress: (progress: FetchProgress) => void,
  ): Promise<readonly FetchedPackage[]>;
}
