/** Milliseconds that starting, saving or restoring a machine may take. */
export const longMs = 5 * 60_000;

/** Deleting a snapshot may take as long: what was written since then, tens of GB, is merged into another disk. */
export const mergeMs = 12 * 60 * 60_000;
