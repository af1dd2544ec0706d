/**
 * Stands in for Node's global in the bundles: for the global one Node loads node:perf_hooks, which takes milliseconds. Whatever else
 * of it bundled code asks for is missing; packages that do stay outside the bundle.
 */
export const performance = { now: () => Number(process.hrtime.bigint()) / 1e6 };
