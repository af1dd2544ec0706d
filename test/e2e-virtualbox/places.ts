/** Below the package's folder: what the host and the rig hand each other. */
export const insideFolder = "node_modules/.cache/e2e-virtualbox";

/** Below it too: inside.ts, as scripts/e2e-virtualbox.mjs has bundled it. */
export const insideProgram = "node_modules/.cache/tsmachine/test-e2e-virtualbox-inside.mjs";

/** Where the rig has the package's folder. */
export const packageInRig = "/project";
