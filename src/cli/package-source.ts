import { join } from "node:path";
import { TsmachineError } from "../errors/tsmachine-error.ts";
import type { Architecture } from "../host/architecture.ts";
import type { HttpClient } from "../host/download/http-client.ts";
import type { DebianArchive } from "../iso/debian/archive.ts";
import { securitySuiteOf } from "../iso/debian/mirrors/archive-uri.ts";
import type { ArchiveOptions } from "../iso/debian/open-suite.ts";
import type { ImageReport } from "../iso/images/image-design.ts";
import type { CancellableSource, PackageSource } from "../iso/images/package-source.ts";
import type { Offers } from "../iso/offers/list-offers.ts";
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
export function createPackageSource(options: PackageSourceOptions): CancellableSource {
  const { parts, store, mirror, warn = () => {} } = options;
  const { environment } = parts;
  const cacheDirectory = store.layout.cache;
  const archives = new Map<string, Promise<DebianArchive>>();
  const offers = new Map<string, Promise<Offers>>();
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

  const suiteOptions = async (
    signal: AbortSignal,
    suite: string,
    architecture: Architecture,
    report: Pick<ImageReport, "detail" | "bytes">,
  ): Promise<ArchiveOptions> => {
    const allowExpired = options.allowExpired || environment.TSMACHINE_ALLOW_EXPIRED === "1";
    return {
      ...{ ...(await network()), suite, architecture, cacheDirectory, signal },
      keysDirectory: join(templatesFolder(), "keys"),
      now: new Date(),
      validUntil: allowExpired ? "ignored" : "enforced",
      report: (line) => report.detail(line),
      onProgress: ({ receivedBytes, totalBytes }) =>
        report.bytes({ received: receivedBytes, total: totalBytes }),
    };
  };

  const sourceUntil = (signal: AbortSignal): CancellableSource => {
    const open: PackageSource["openArchive"] = (suite, architecture, report) =>
      once(archives, { name: `${suite}/${architecture}`, signal }, async () => {
        const { openArchive } = await import("../iso/debian/archive.ts");
        const options = await suiteOptions(signal, suite, architecture, report);
        return openArchive({
          ...options,
          report(line, weight) {
            options.report(line);
            if (weight === "warning") warn(line);
          },
        });
      });

    return {
      openArchive: open,
      async openUpdates(suite, ...rest) {
        const updates = securitySuiteOf(suite);
        const { readSuites } = await import("../iso/offers/suites.ts");
        const suites = await readSuites(templatesFolder());
        if (!suites.includes(updates)) return undefined;
        try {
          return await open(updates, ...rest);
        } catch (error) {
          if (!isUnavailable(error)) throw error;
          warn(`the images lack the security updates of ${suite}: ${error.message}`);
          return undefined;
        }
      },
      listOffers: (architecture, report) =>
        once(offers, { name: architecture, signal }, async () => {
          const [{ listOffers }, { readSuites }, { openSuite }] = await Promise.all([
            import("../iso/offers/list-offers.ts"),
            import("../iso/offers/suites.ts"),
            import("../iso/debian/open-suite.ts"),
          ]);
          return listOffers({
            suites: await readSuites(templatesFolder()),
            ...{ architecture, cacheDirectory, report, signal },
            // A suite that cannot be used is left out with a note: that is no warning.
            openSuite: async (...which) => openSuite(await suiteOptions(signal, ...which)),
          });
        }),
      fetch: async (lock, onProgress) => {
        const { fetchPackages } = await import("../iso/debian/fetch-packages.ts");
        return fetchPackages(lock, {
          ...{ ...(await network()), cacheDirectory, signal, onProgress },
          report: (line, weight) => {
            if (weight === "warning") warn(line);
          },
        });
      },
      until: (other) => sourceUntil(AbortSignal.any([signal, other])),
    };
  };
  return sourceUntil(parts.signal);
}

/** What a mirror without a security archive, or a host that does not get there, comes to. */
function isUnavailable(error: unknown): error is TsmachineError {
  const codes: readonly string[] = [
    ...["SUITE_MISSING", "NETWORK_UNREACHABLE", "TIMEOUT", "DOWNLOAD_FAILED"],
  ];
  return error instanceof TsmachineError && codes.includes(error.code);
}

interface Asked {
  readonly name: string;
  readonly signal: AbortSignal;
}

/** The value of that name, made by whoever asks for it first; anew after it was cancelled, which says nothing of it. */
function once<T>(
  made: Map<string, Promise<T>>,
  { name, signal }: Asked,
  make: () => Promise<T>,
): Promise<T> {
  const known = made.get(name);
  if (known !== undefined) return known;
  const value = make();
  made.set(name, value);
  value.catch(() => {
    if (signal.aborted) made.delete(name);
  });
  return value;
}
