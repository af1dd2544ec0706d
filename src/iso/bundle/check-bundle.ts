import { isDeepStrictEqual } from "node:util";
import type { ImageDesign, ImageReport } from "../images/image-design.ts";
import { lockOf } from "../images/making/ensure-image.ts";
import type { PackageSource } from "../images/package-source.ts";
import { type BundleManifest, lockedFiles } from "./bundle-manifest.ts";
import { invalidBundle } from "./invalid-bundle.ts";

export interface BundleCheck {
  /** Of the bundle, for messages. */
  readonly path: string;
  readonly manifest: BundleManifest;
  /** What the manifest's wishes are to become here. */
  readonly designs: readonly ImageDesign[];
  /** The bundle as a source of packages. */
  readonly source: PackageSource;
  readonly report: ImageReport;
}

/**
 * Chooses the packages of the images again, from the indexes that Debian has signed, and sees that
 * this comes to what the bundle has. The locks of another version of tsmachine, with other
 * templates, do not count: its packages do when they are all that this version wants.
 * @throws TsmachineError BUNDLE_INVALID; those of the archive
 */
export async function checkBundle(check: BundleCheck): Promise<void> {
  const { path, manifest, designs, source, report } = check;
  const { architecture, suites, images } = manifest;
  for (const suite of suites) {
    report.detail(`checking ${suite} by Debian's signature`);
    await source.openArchive(suite, architecture, report);
  }
  for (const design of designs) {
    const chosen = lockOf(design, await design.choose(source, report));
    const bundled = images[design.kind].lock;
    if (bundled.templates !== chosen.templates) {
      refuseMissing(check, lockedFiles([chosen]));
    } else if (!isDeepStrictEqual(bundled, chosen)) {
      throw invalidBundle(path, `its ${design.kind} image is not what its packages come to`);
    }
  }
}

function refuseMissing({ path, manifest }: BundleCheck, wanted: BundleManifest["files"]): void {
  const present = new Set(manifest.files.map(({ path, sha256 }) => `${sha256} ${path}`));
  const missing = wanted.find((file) => !present.has(`${file.sha256} ${file.path}`));
  if (missing === undefined) return;
  const problem = `another version of tsmachine has made it, and this one needs ${missing.path}`;
  throw invalidBundle(path, problem);
}
