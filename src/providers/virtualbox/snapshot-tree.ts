import type { Snapshot } from "./control.ts";

/**
 * Those that are to be removed, in this order, before VirtualBox deletes this one: it deletes none that has more than
 * one child, and not the current one if it has any. SessionMachine::i_deleteSnapshot() of VirtualBox's SnapshotImpl.cpp.
 */
export function snapshotsInTheWay(
  snapshot: Snapshot,
  all: readonly Snapshot[],
): readonly Snapshot[] {
  const branches = childrenOf(snapshot, all).map((child) => branchFrom(child, all));
  if (snapshot.isCurrent) return upwards(branches);
  // One branch may stay. That of the current one must: without it, its parent becomes the current one.
  const kept = branches.find((one) => one.some(({ isCurrent }) => isCurrent)) ?? branches.at(-1);
  return upwards(branches.filter((one) => one !== kept));
}

/**
 * In the order in which they were taken; as they are where that is not known of all.
 * @param all a parent before its children, which stay so where both were taken at once
 * @param times by UUID, of any unit
 */
export function oldestFirst(
  all: readonly Snapshot[],
  times: ReadonlyMap<string, number>,
): readonly Snapshot[] {
  const dated = all.flatMap((snapshot) => {
    const time = times.get(snapshot.uuid);
    return time === undefined ? [] : [{ snapshot, time }];
  });
  if (dated.length < all.length) return all;
  return dated.sort((a, b) => a.time - b.time).map(({ snapshot }) => snapshot);
}

/** Whether a parent before its children is not yet the order in which they were taken. */
export function isBranched(all: readonly Snapshot[]): boolean {
  return new Set(all.map(({ parent }) => parent)).size < all.length;
}

/** A parent before its children. */
function branchFrom(snapshot: Snapshot, all: readonly Snapshot[]): readonly Snapshot[] {
  return [snapshot, ...childrenOf(snapshot, all).flatMap((child) => branchFrom(child, all))];
}

function childrenOf({ uuid }: Snapshot, all: readonly Snapshot[]): readonly Snapshot[] {
  return all.filter(({ parent }) => parent === uuid);
}

function upwards(branches: readonly (readonly Snapshot[])[]): readonly Snapshot[] {
  return branches.flat().reverse();
}
