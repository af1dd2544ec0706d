import { join } from "node:path";
import type { HttpClient } from "../host/download/http-client.ts";
import type { ArchiveOptions, DebianArchive } from "../iso/debian/archive.ts";
import type { PackageSource } from "../iso/images/package-source.ts";
import type { Store } from "../store/open-store.ts";
import type { ProcessParts } from "./cli.ts";
import { openHttpClient } from "./open-http-client.ts";
import { templatesFolder } from "./package.ts";

export interface PackageSourceOptions {
  readonly parts: ProcessParts;
  readonly store: Store;
  /** Value of --mirror. */
  readonly mirror: string | undefined;
  /** Releases that are past their Valid-Until are used; TSMACHINE_ALLOW_EXPIRED=1 says so too. */
  readonly allowExpired?: boolean | undefined;
  /** Told what the user must not miss: mirrors that were refused, releases that have expired. */
  readonly warn?: (text: string) => void;
}

/**
 * Debian's archive as this user reaches it. A release is opened once, however many images are made
 * of it; nothing is read, nor its code loaded, before the first image needs it.
 */
export function createPackageSource(options: PackageSourceOptions): PackageSource {
  const { parts, store, mirror, warn = () => {} } = options;
  const { environment, signal } = parts;
  const cacheDirectory = store.layout.cache;
  const archives = new Map<string, Promise<DebianArchive>>();
  let client: Promise<HttpClient> | undefined;

  const network = async () => {
    const [{ mirrorCandidates, readOfficialMirrors }, { readAptSources }] = await Promise.all([
      import("../iso/debian/mirrors/candidates.ts"),
      import("../iso/debian/mirrors/apt-sources.ts"),
    ]);
    const config = await store.readConfig();
    const mirrors = await mirrorCandidates({
      option: mirror,
      environment: environment.TSMACHINE_DEBIAN_MIRROR,
      configured: config.mirror,
      readAptSources: () => readAptSources("/etc/apt"),
      official: await readOfficialMirrors(join(templatesFolder(), "mirrors.json")),
    });
    client ??= openHttpClient({ environment, config });
    return { mirrors, http: await client };
  };

  const open = async (wish: Omit<ArchiveOptions, "mirrors">) => {
    const { openArchive } = await import("../iso/debian/archive.ts");
    const allowExpired = options.allowExpired || environment.TSMACHINE_ALLOW_EXPIRED === "1";
    return openArchive({
      ...{ ...wish, ...(await network()) },
      validUntil: allowExpired ? "ignored" : "enforced",
    });
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
          report: (line, weight?: "warning") => {
            report.detail(line);
            if (weight === "warning") warn(line);
          },
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
        ...{ ...(await network()), cacheDirectory, signal, onProgress },
        report: (line, weight) => {
          if (weight === "warning") warn(line);
        },
      });
    },
  };
}
