import { TsmachineError } from "../../src/errors/tsmachine-error.ts";
import type { LockedPackage } from "../../src/iso/debian/lock.ts";
import type { PackageSource } from "../../src/iso/images/package-source.ts";
import {
  type FakePackage,
  fakePackagePath,
  fakePackages,
  writeFakePackage,
} from "./fake-images-packages.ts";

/** An archive of small packages that counts what is asked of it; tests change it as they like. */
export interface FakePackageSource extends PackageSource {
  /** What is in the archive now. */
  packages: readonly FakePackage[];
  /** When the archive's release was made. */
  date: string;
  /** False: whatever is asked fails as without a network. */
  isOnline: boolean;
  /** How often packages were fetched for a build. */
  fetches: number;
  /** What was asked: "open trixie amd64", "fetch". */
  readonly requests: string[];
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
    return packages.map((wanted) => ({ ...wanted, path: fakePackagePath(folder, wanted) }));
  };

  const source: FakePackageSource = {
    packages: fakePackages,
    date: "2026-11-20T12:00:00.000Z",
    isOnline: true,
    fetches: 0,
    requests: [],
    wanted: [],
    async openArchive(suite, architecture) {
      request(`open ${suite} ${architecture}`);
      const { packages, date } = source;
      const locked = new Map<string, LockedPackage>();
      for (const item of packages) locked.set(item.name, await writeFakePackage(folder, item));
      return {
        release: { suite, date },
        resolve({ wanted }) {
          source.wanted.push(wanted);
          return withDependencies(wanted, packages).flatMap((name) => locked.get(name) ?? []);
        },
      };
    },
    async listOffers(architecture) {
      request(`list offers ${architecture}`);
      return { kernels: [], engines: [], notes: [] };
    },
    fetch: ({ packages }) => fetch(packages),
  };
  return source;
}

function withDependencies(
  wanted: readonly string[],
  packages: readonly FakePackage[],
): readonly string[] {
  return wanted.flatMap((name) => [
    name,
    ...(packages.find((item) => item.name === name)?.depends ?? []),
  ]);
}
