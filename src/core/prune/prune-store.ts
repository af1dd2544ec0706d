import { lstat, rm } from "node:fs/promises";
import { removeFolder } from "../../host/files/remove-folder.ts";
import { findLeaseHolders, withoutNewLeases } from "../../host/locks/leases.ts";
import { findGarbage } from "../../iso/garbage/find-garbage.ts";
import type { Garbage } from "../../iso/garbage/garbage.ts";
import { whileBuilding } from "../../iso/images/making/build-image.ts";
import type { Context } from "../context.ts";
import { keysOfStandardImages } from "../images/images.ts";
import { leaseLimits, leasesDirectory } from "../images/images-in-use.ts";
import type { Step } from "../progress.ts";
import { findLeftovers, type Leftover, removeLeftovers } from "./leftovers.ts";
import { readMachineNeeds } from "./machine-needs.ts";

export interface PruneRequest {
  /** "everything": also what is there only to make the next create quick. */
  readonly extent: "unused" | "everything";
}

export interface PruneReport {
  readonly garbage: readonly Garbage[];
  /** Why there may be more that could not be told from what is needed. */
  readonly reservations: readonly Reservation[];
}

export interface Reservation {
  readonly reason: string;
  readonly hints: readonly string[];
}

/** What `pruneStore` would remove now; changes nothing. @throws the system's errors */
export async function findPrunable(context: Context, request: PruneRequest): Promise<PruneReport> {
  const holders = await findLeaseHolders(leasesDirectory(context));
  return reportOf(await survey(context, request, holders));
}

/**
 * Removes from the store what no machine needs, and what killed processes have left. While other
 * processes use the cache, it is left as it is. When this one is killed, whatever it had begun to
 * remove is removed by the next.
 * @returns what was removed
 * @throws TsmachineError LOCK_TIMEOUT; the system's errors; the signal's reason when aborted.
 */
export function pruneStore(context: Context, request: PruneRequest): Promise<PruneReport> {
  return context.progress.step("Removing what no machine uses", (step) =>
    withoutNewLeases(leasesDirectory(context), leaseLimits(context), async (holders) => {
      const found = await survey(context, request, holders);
      const leftovers = await removeLeftovers(context, found.leftovers);
      if (found.cache.length > 0) await removeFromCache(context, found.cache, step);
      return reportOf({ ...found, leftovers });
    }),
  );
}

interface Survey {
  readonly cache: readonly Garbage[];
  readonly leftovers: readonly Leftover[];
  readonly reservations: readonly Reservation[];
}

function reportOf({ cache, leftovers, reservations }: Survey): PruneReport {
  const plain = leftovers.map(({ kind, path, sizeBytes }) => ({ kind, path, sizeBytes }));
  return { garbage: [...cache, ...plain], reservations };
}

/** Machines are read after the leases: whoever gives one back has stored its record before. */
async function survey(
  context: Context,
  { extent }: PruneRequest,
  holders: readonly number[],
): Promise<Survey> {
  const { store } = context;
  const { cache: cacheDirectory } = store.layout;
  const leftovers = await findLeftovers(context);
  const obstacle = (await sharedCache(cacheDirectory)) ?? leasedCache(holders);
  if (obstacle !== undefined) return { cache: [], leftovers, reservations: [obstacle] };
  const { needs, unknown } = await readMachineNeeds(store);
  const keys = new Set(needs.keys);
  if (extent === "unused") for (const key of await keysOfStandardImages(context)) keys.add(key);
  const cache = await findGarbage({
    ...{ cacheDirectory, extent },
    needs: unknown.length > 0 ? "unknown" : { keys, locks: needs.locks },
  });
  const reservations = unknown.map(({ problem, hints }) => ({
    reason: `all images, packages and inputs are kept: ${problem}`,
    hints,
  }));
  return { cache, leftovers, reservations };
}

/** The machines of the other stores that use it are not known. */
async function sharedCache(cacheDirectory: string): Promise<Reservation | undefined> {
  const status = await lstat(cacheDirectory).catch(() => undefined);
  if (status?.isSymbolicLink() !== true) return undefined;
  return {
    reason: `the cache is left as it is: ${cacheDirectory} is a symbolic link, and other stores may use it too`,
    hints: ["put a folder in place of the link; what is needed is fetched or built again"],
  };
}

function leasedCache(holders: readonly number[]): Reservation | undefined {
  if (holders.length === 0) return undefined;
  const who = `${holders.length === 1 ? "process" : "processes"} ${holders.join(", ")}`;
  return {
    reason: `the cache is left as it is: it is in use by ${who}`,
    hints: ["wait until that command has ended, then run `tsmachine prune` again"],
  };
}

/** No image is being built then, also by a program that knows of no leases. */
async function removeFromCache(
  { store, signal }: Context,
  garbage: readonly Garbage[],
  step: Step,
): Promise<void> {
  const options = { cacheDirectory: store.layout.cache, report: step, signal };
  const removeAll = async () => {
    for (const { kind, path } of garbage) {
      signal.throwIfAborted();
      await (kind === "images" ? removeFolder(path) : rm(path, { force: true }));
    }
  };
  await whileBuilding("boot", options, () => whileBuilding("engine", options, removeAll));
}
