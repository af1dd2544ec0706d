/** Milliseconds that starting, saving or restoring a machine may take. */
export const longMs = 5 * 60_000;
