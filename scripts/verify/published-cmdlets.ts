/**
 * The published parameter sets of Hyper-V's cmdlets, in a folder beside the project's, seen from the
 * project's. They are Microsoft's text under a licence of its own and not part of the project.
 */
export const publishedCmdletsFile = "../shared/hyperv/cmdlets.json";
