import { join } from "node:path";
import type { ArchiveOptions, DebianArchive } from "../iso/debian/archive.ts";
import type { PackageSource } from "../iso/images/package-source.ts";
import type { Store } from "../store/open-store.ts";
import type { ProcessParts } from "./cli.ts";
import { templatesFolder } from "./package.ts";

export interface PackageSourceOptions {
  readonly parts: ProcessParts;
  readonly store: Store;
  /** Value of --mirror. */
  readonly mirror: string | undefined;
}

/**
 * Debian's archive as this user reaches it. A release is opened once, however many images are made
 * of it; nothing is read, nor its code loaded, before the first image needs it.
 */
export function createPackageSource({ parts, store, mirror }: PackageSourceOptions): PackageSource {
  const { environment, signal } = parts;
  const cacheDirectory = store.layout.cache;
  const archives = new Map<string, Promise<DebianArchive>>();

  const mirrors = async () => {
    const [{ mirrorCandidates, readOfficialMirrors }, { readAptSources }] = await Promise.all([
      import("../iso/debian/mirrors/candidates.ts"),
      import("../iso/debian/mirrors/apt-sources.ts"),
    ]);
    const config = await store.readConfig();
    return mirrorCandidates({
      option: mirror,
      environment: environment.TSMACHINE_DEBIAN_MIRROR,
      configured: config.mirror,
      readAptSources: () => readAptSources("/etc/apt"),
      official: await readOfficialMirrors(join(templatesFolder(), "mirrors.json")),
    });
  };

  const open = async (options: Omit<ArchiveOptions, "mirrors">) => {
    const { openArchive } = await import("../iso/debian/archive.ts");
    return openArchive({ ...options, mirrors: await mirrors() });
  };

  return {
    openArchive(suite, architecture, report) {
      const name = `${suite}/${architecture}`;
      const opened =
        archives.get(name) ??
        open({
          ...{ suite, architecture, cacheDirectory, signal },
          keysDirectory: join(templatesFolder(), "keys"),
          now: new Date(),
          report: (line) => report.detail(line),
          onProgress: ({ receivedBytes, totalBytes }) =>
            report.bytes({ received: receivedBytes, total: totalBytes }),
        });
      archives.set(name, opened);
      return opened;
    },
    findKernel: () => Promise.reject(new Error("not yet")),
    findEngine: () => Promise.reject(new Error("not yet")),
    fetch: async (lock, onProgress) => {
      const { fetchPackages } = await import("../iso/debian/fetch-packages.ts");
      return fetchPackages(lock, {
        ...{ mirrors: await mirrors(), report: () => {}, cacheDirectory, signal, onProgress },
      });
    },
  };
}
