import { TsmachineError } from "../../../src/errors/tsmachine-error.ts";
import type { LockedPackage } from "../../../src/iso/debian/lock.ts";
import type { PackageIndex } from "../../../src/iso/debian/packages/package-index.ts";
import type { CancellableSource } from "../../../src/iso/images/package-source.ts";
import type { Offers, SuiteNote } from "../../../src/iso/offers/list-offers.ts";
import {
  type FakePackage,
  fakePackagePath,
  fakePackages,
  writeFakePackage,
} from "./fake-images-packages.ts";

import { fakeOffers } from "./fake-offers.ts";

/** An archive of small packages that counts what is asked of it; tests change it as they like. */
export interface FakePackageSource extends CancellableSource {
  /** What is in the archive now. */
  packages: readonly FakePackage[];
  /** Names of packages that the archive lists, and no longer has. */
  gone: readonly string[];
  /** When the archive's release was made. */
  date: string;
  /** Engines that are offered besides that of its packages. */
  otherEngines: Offers["engines"];
  /** False: whatever is asked fails as without a network. */
  isOnline: boolean;
  /** How often packages were fetched for a build. */
  fetches: number;
  /** What was asked: "open trixie amd64", "fetch". */
  readonly requests: string[];
  /** Suites that could not be looked at. */
  notes: readonly SuiteNote[];
  /** Names of packages that were to be resolved, time by time. */
  readonly wanted: (readonly string[])[];
}

/** @param folder where the packages are written */
export function fakePackageSource(folder: string): FakePackageSource {
  const request = (text: string) => {
    source.requests.push(text);
    if (source.isOnline) return;
    throw new TsmachineError("NETWORK_UNREACHABLE", "no mirror can be reached");
  };

  const fetch = async (packages: readonly LockedPackage[]) => {
    request("fetch");
    source.fetches += 1;
    const lost = packages.filter(({ name }) => source.gone.includes(name));
    if (lost.length > 0) {
      throw new TsmachineError("PACKAGE_GONE", `no mirror has ${lost.map(({ name }) => name)}`);
    }
    return packages.map((wanted) => ({ ...wanted, path: fakePackagePath(folder, wanted) }));
  };

  const lockAll = () => Promise.all(source.packages.map((item) => writeFakePackage(folder, item)));

  const source: FakePackageSource = {
    packages: fakePackages,
    gone: [],
    date: "2026-11-20T12:00:00.000Z",
    otherEngines: [],
    isOnline: true,
    fetches: 0,
    requests: [],
    wanted: [],
    notes: [],
    async openArchive(suite, architecture) {
      request(`open ${suite} ${architecture}`);
      const { packages, date } = source;
      const locked = new Map((await lockAll()).map((item) => [item.name, item]));
      return {
        release: { suite, date },
        proof: [],
        index: indexOf([...locked.values()]),
        resolve({ wanted }) {
          source.wanted.push(wanted);
          return withDependencies(wanted, packages).flatMap((name) => locked.get(name) ?? []);
        },
      };
    },
    openUpdates: async () => undefined,
    async listOffers(architecture) {
      request(`list offers ${architecture}`);
      const { notes, otherEngines } = source;
      const { kernels, engines } = await fakeOffers(source.packages, await lockAll());
      return { kernels, engines: [...engines, ...otherEngines], notes };
    },
    fetch: ({ packages }) => fetch(packages),
    until: (signal) => ({
      // Of this source as tests have changed it by then.
      openArchive: (...which) => unlessAborted(signal, source.openArchive(...which)),
      openUpdates: (...which) => unlessAborted(signal, source.openUpdates(...which)),
      listOffers: (...which) => unlessAborted(signal, source.listOffers(...which)),
      fetch: (...which) => unlessAborted(signal, source.fetch(...which)),
      until: (other) => source.until(AbortSignal.any([signal, other])),
    }),
  };
  return source;
}

/** What the request gives, or the signal's reason, whichever is first. */
function unlessAborted<T>(signal: AbortSignal, request: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    request.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

function indexOf(packages: readonly LockedPackage[]): PackageIndex {
  return {
    title: "",
    names: () => packages.map(({ name }) => name),
    versionsOf: (name) =>
      packages
        .filter((item) => item.name === name)
        .map((locked) => ({ locked, requirements: [], provisions: [] })),
    providersOf: () => [],
  };
}

/** An engine as a suite offers it. */
export function fakeEngineOffer(version: string, suite: string): Offers["engines"][number] {
  const [major, minor] = version.split(".");
  return {
    ...{ series: `${major}.${minor}`, version, packageVersion: `${version}+dfsg1-1`, suite },
    ...{ containerdVersion: "1.7.24-1", runcVersion: "1.1.15-1", sizeBytes: 1000 },
  };
}

function withDependencies(
  wanted: readonly string[],
  packages: readonly FakePackage[],
): readonly string[] {
  const names = wanted.map((text) => text.replace(/ \(.*\)$/, ""));
  return names.flatMap((name) => [
    name,
    ...(packages.find((item) => item.name === name)?.depends ?? []),
  ]);
}
