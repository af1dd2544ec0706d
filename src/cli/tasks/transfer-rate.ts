import type { Transfer } from "../../core/progress.ts";

/** Too little has happened within this time to tell a rate. */
const settlingMs = 500;

/**
 * Measures a transfer from the first call on, so that bytes of an earlier attempt do not count.
 * The returned function gives bytes per second, or undefined as long as there is no telling.
 */
export function transferRate(now: () => number): (transfer: Transfer) => number | undefined {
  let first: { readonly received: number; readonly atMs: number } | undefined;
  return ({ received }) => {
    first ??= { received, atMs: now() };
    const elapsedMs = now() - first.atMs;
    return elapsedMs < settlingMs ? undefined : ((received - first.received) / elapsedMs) * 1000;
  };
}
