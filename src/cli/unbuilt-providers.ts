/** Drivers of docker-machine that will be providers and cannot create machines yet. */
export const unbuiltProviders: ReadonlySet<string> = new Set(["generic", "hyperv", "virtualbox"]);
