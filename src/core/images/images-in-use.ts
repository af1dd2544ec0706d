import { join } from "node:path";
import { withLease } from "../../host/locks/leases.ts";
import { type Context, lockLimits } from "../context.ts";

/**
 * Runs `action` while nothing that machines could need vanishes from the cache. Whoever takes
 * images, packages or inputs from there does so inside, until a machine's record names them; it may
 * be nested, and is entered before any lock of the cache.
 * @throws TsmachineError LOCK_TIMEOUT
 */
export function withImagesInUse<T>(context: Context, action: () => Promise<T>): Promise<T> {
  return withLease(leasesDirectory(context), leaseLimits(context), action);
}

export function leasesDirectory({ store }: Pick<Context, "store">): string {
  return join(store.layout.cache, "leases");
}

export function leaseLimits(context: Pick<Context, "signal">) {
  return { ...lockLimits(context), guards: "the cache" };
}
