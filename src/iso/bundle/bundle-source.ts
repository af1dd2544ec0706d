import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type DebianArchive, openArchive } from "../debian/archive.ts";
import { fetchPackages } from "../debian/fetch-packages.ts";
import { securitySuiteOf } from "../debian/mirrors/archive-uri.ts";
import type { Mirror } from "../debian/mirrors/mirror.ts";
import { type ArchiveOptions, openSuite } from "../debian/open-suite.ts";
import type { ImageReport } from "../images/image-design.ts";
import type { PackageSource } from "../images/package-source.ts";
import { listOffers } from "../offers/list-offers.ts";
import { readSuites } from "../offers/suites.ts";

export interface BundleSourceOptions {
  /** Where the bundle was unpacked. */
  readonly folder: string;
  /** The suites that the bundle has. */
  readonly suites: readonly string[];
  /** The folder templates/. */
  readonly templates: string;
  readonly cacheDirectory: string;
  readonly now: Date;
  readonly rollback: "refused" | "allowed";
  /** Told what the user must not miss. */
  readonly warn: (text: string) => void;
  readonly signal: AbortSignal;
}

/**
 * An unpacked bundle as the place that packages come from. It is a mirror, and is believed no
 * more than one, but for its age: a bundle goes on being used when its release has expired.
 */
export function bundleSource(options: BundleSourceOptions): PackageSource {
  const { folder, suites, templates, cacheDirectory, warn, signal } = options;
  const mirror: Mirror = {
    uri: pathToFileURL(join(folder, "debian")).href,
    securityUri: pathToFileURL(join(folder, "debian-security")).href,
    origin: "in the bundle",
  };
  const archives = new Map<string, Promise<DebianArchive>>();

  const suiteOptions = (
    suite: string,
    architecture: string,
    report: ImageReport,
  ): ArchiveOptions => ({
    ...{ mirrors: [mirror], suite, architecture, cacheDirectory, signal },
    ...{ now: options.now, rollback: options.rollback, validUntil: "ignored" },
    keysDirectory: join(templates, "keys"),
    report: (line, weight) => {
      report.detail(line);
      if (weight === "warning") warn(line);
    },
  });

  const open: PackageSource["openArchive"] = (suite, architecture, report) => {
    const name = `${suite}/${architecture}`;
    const archive = archives.get(name) ?? openArchive(suiteOptions(suite, architecture, report));
    archives.set(name, archive);
    return archive;
  };

  return {
    openArchive: open,
    openUpdates: async (suite, ...rest) => {
      const updates = securitySuiteOf(suite);
      return suites.includes(updates) ? open(updates, ...rest) : undefined;
    },
    listOffers: async (architecture, report) =>
      listOffers({
        // In the order of preference, in which the one who made the bundle chose.
        suites: (await readSuites(templates)).filter((suite) => suites.includes(suite)),
        ...{ architecture, cacheDirectory, report, signal },
        openSuite: (...which) => openSuite(suiteOptions(...which)),
      }),
    fetch: (wanted, onProgress) =>
      fetchPackages(wanted, {
        ...{ mirrors: [mirror], cacheDirectory, signal, onProgress },
        report: warn,
      }),
  };
}
