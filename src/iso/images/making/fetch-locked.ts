import { findImage } from "../cache/image-cache.ts";
import type { ImageDesign } from "../image-design.ts";
import { type ImageLock, keyOf, timeOf } from "../image-lock.ts";
import { type ProvideImageOptions, requireTemplates } from "./ensure-image.ts";

export interface LockedImage {
  readonly design: ImageDesign;
  readonly lock: ImageLock;
}

/** Those that the cache does not have. @throws TsmachineError LOCK_MISMATCH of one of them. */
export async function lockedImagesToMake(
  images: readonly LockedImage[],
  cacheDirectory: string,
): Promise<readonly LockedImage[]> {
  const missing: LockedImage[] = [];
  for (const { design, lock } of images) {
    if ((await findImage(cacheDirectory, lock.kind, keyOf(lock))) !== undefined) continue;
    requireTemplates(design, lock);
    missing.push({ design, lock });
  }
  return missing;
}

/**
 * Brings the packages of all these images into the cache, so that what is missing of any of them is
 * said at once.
 * @throws TsmachineError as `fetchPackages`
 */
export async function fetchLocked(
  images: readonly LockedImage[],
  { source, report }: Pick<ProvideImageOptions, "source" | "report">,
): Promise<void> {
  const packages = images.flatMap(({ lock }) => lock.packages);
  const bySha256 = new Map(packages.map((wanted) => [wanted.sha256, wanted]));
  const latestMs = Math.max(...images.map(({ lock }) => timeOf(lock).getTime()));
  await source.fetch(
    { packages: [...bySha256.values()], date: new Date(latestMs).toISOString() },
    ({ receivedBytes, totalBytes }) => report.bytes({ received: receivedBytes, total: totalBytes }),
  );
}
