import { diskUsageOf } from "../../host/files/disk-usage.ts";

/** What can be removed, in the order in which it is shown. */
export const garbageKinds = [
  "images",
  "pointers",
  "packages",
  "inputs",
  "indexes",
  "offers",
  "downloads",
  "leftovers",
] as const;
export type GarbageKind = (typeof garbageKinds)[number];

/** A file or a folder that nobody needs. */
export interface Garbage {
  readonly kind: GarbageKind;
  readonly path: string;
  /** What removing it frees. */
  readonly sizeBytes: number;
}

export async function garbageAt(kind: GarbageKind, path: string): Promise<Garbage> {
  return { kind, path, sizeBytes: await diskUsageOf(path) };
}
