import type { Architecture } from "../../host/architecture.ts";
import { listImages } from "../../iso/images/cache/image-cache.ts";
import type { EngineOffer } from "../../iso/offers/engine-offers.ts";
import type { KernelOffer } from "../../iso/offers/kernel-offers.ts";
import type { SuiteNote } from "../../iso/offers/list-offers.ts";
import type { Context } from "../context.ts";
import { withImagesInUse } from "../images/images-in-use.ts";

/** Whether the cache has an image of it. */
export interface CacheState {
  readonly isCached: boolean;
}

export interface ListedOffers {
  readonly kernels: readonly (KernelOffer & CacheState)[];
  readonly engines: readonly (EngineOffer & CacheState)[];
  /** The suites that could not be looked at. */
  readonly notes: readonly SuiteNote[];
}

/**
 * What the mirror's suites offer, newest first, and what of it is in the cache.
 * @throws TsmachineError of the archive when no suite can be opened.
 */
export async function listOffers(
  context: Context,
  architecture: Architecture,
): Promise<ListedOffers> {
  const { packageSource, progress, store } = context;
  const { kernels, engines, notes } = await progress.step("Asking what Debian offers", (step) =>
    withImagesInUse(context, () => packageSource.listOffers(architecture, step)),
  );
  const images = (await listImages(store.layout.cache))
    .map(({ manifest }) => manifest)
    .filter(({ lock }) => lock.architecture === architecture);
  const isCached = (kind: "boot" | "engine", version: string) =>
    images.some((image) => image.lock.kind === kind && image.version === version);
  return {
    kernels: kernels.map((offer) => ({ ...offer, isCached: isCached("boot", offer.release) })),
    engines: engines.map((offer) => ({ ...offer, isCached: isCached("engine", offer.version) })),
    notes,
  };
}
