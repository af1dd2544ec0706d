/** Stands in for Node's global in the bundles: for that one Node loads node:perf_hooks, which takes longer than a file to read. */
export const performance = { now: () => Number(process.hrtime.bigint()) / 1e6 };
