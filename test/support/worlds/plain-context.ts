import { join } from "node:path";
import type { Context } from "../../../src/core/context.ts";
import { silentProgress } from "../../../src/core/progress.ts";
import { directClient } from "../../../src/host/download/http-client.ts";
import { openStore } from "../../../src/store/open-store.ts";
import { fakePackageSource } from "../images/fake-images.ts";

/**
 * What core works with in a process that a test has started: a store, and images made of the fake
 * packages in that folder. It has no providers.
 */
export function plainContext(folders: {
  readonly store: string;
  readonly templates: string;
  readonly packages: string;
}): Context {
  return {
    store: openStore(folders.store),
    packageSource: fakePackageSource(folders.packages),
    ...{
      providers: async () => [],
      templates: folders.templates,
      dockerConfig: join(folders.store, "docker"),
      architecture: "amd64",
      patience: 1,
    },
    ...{ authorityFiles: async () => [], hostsFile: async () => "" },
    ...{ proxies: {}, progress: silentProgress, signal: new AbortController().signal },
    spawnAgent: async () => {},
    http: async () => directClient,
    now: () => new Date(),
    warn: () => {},
  };
}
