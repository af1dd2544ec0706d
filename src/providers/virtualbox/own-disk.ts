import { isBelow } from "./paths.ts";

/** Where VirtualBox keeps what is a machine's. The folder of its snapshots may be anywhere. */
export interface MachineFolders {
  readonly folder: string;
  readonly snapshotFolder: string;
}

export interface Disk {
  readonly path: string;
  /** Whether it has only what was written since a snapshot of another disk. */
  readonly isDifferencing: boolean;
}

/**
 * Whether a disk that a machine has is deleted with it. Disks that are elsewhere are the user's own; what
 * VirtualBox has written since a snapshot of one is the machine's.
 */
export function isOwnDisk(
  { path, isDifferencing }: Disk,
  { folder, snapshotFolder }: MachineFolders,
): boolean {
  return isBelow(folder, path) || (isDifferencing && isBelow(snapshotFolder, path));
}
