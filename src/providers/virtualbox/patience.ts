/** Milliseconds that starting or ending a machine may take. */
export const longMs = 5 * 60_000;

/** What writes or reads a machine's memory may take as long: tens of GB, on disks of 100 MB/s. */
export const memoryMs = 30 * 60_000;

/** Deleting a snapshot may take as long: what was written since then, tens of GB, is merged into another disk. */
export const mergeMs = 12 * 60 * 60_000;
