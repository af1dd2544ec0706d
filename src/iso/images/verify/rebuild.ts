import type { ImageManifest } from "../cache/image-manifest.ts";
import type { ImageDesign } from "../image-design.ts";
import { type ImageLock, timeOf } from "../image-lock.ts";
import { buildForComparison, whileBuilding } from "../making/build-image.ts";
import { type ProvideImageOptions, requireTemplates } from "../making/ensure-image.ts";
import type { ImageProblem } from "./find-problems.ts";

/**
 * Makes the image of that lock again, beside the one that is there, and names the files that differ
 * from the manifest. The cache keeps the images it had.
 * @throws TsmachineError LOCK_MISMATCH, PACKAGE_GONE, INPUT_MISSING, those of the archive
 */
export async function rebuildAndCompare(
  design: ImageDesign,
  { lock, files }: Pick<ImageManifest, "files"> & { readonly lock: ImageLock },
  options: ProvideImageOptions,
): Promise<readonly ImageProblem[]> {
  const { source, report } = options;
  requireTemplates(design, lock);
  const wanted = { packages: lock.packages, date: timeOf(lock).toISOString() };
  const rebuilt = await whileBuilding(lock.kind, options, async () => {
    const packages = await source.fetch(wanted, ({ receivedBytes, totalBytes }) =>
      report.bytes({ received: receivedBytes, total: totalBytes }),
    );
    return buildForComparison(design, { lock, packages }, options);
  });
  const names = new Set([...Object.keys(files), ...Object.keys(rebuilt)]);
  return [...names].flatMap((file) =>
    files[file]?.sha256 === rebuilt[file]?.sha256
      ? []
      : [{ file, problem: "comes out otherwise when it is made again of the lock" }],
  );
}
