import type { ArchiveName } from "../mirrors/archive-uri.ts";
import type { BinaryPackage } from "./binary-package.ts";
import { byNameThenNewest, newestFirst, type PackageIndex } from "./package-index.ts";

/** Several indexes as one, such as a suite's and that of its security updates; of versions the newest counts. */
export function mergeIndexes(indexes: readonly PackageIndex[]): PackageIndex {
  return {
    title: indexes.map(({ title }) => title).join(" + "),
    names: () => new Set(indexes.flatMap((index) => [...index.names()])),
    versionsOf: (name) => indexes.flatMap((index) => index.versionsOf(name)).sort(newestFirst),
    providersOf: (name) =>
      indexes.flatMap((index) => index.providersOf(name)).sort(byNameThenNewest),
  };
}

/** The index of a suite of that archive: its packages' paths are below that archive. */
export function inArchive(archive: ArchiveName, index: PackageIndex): PackageIndex {
  if (archive === "debian") return index;
  const placed = (item: BinaryPackage) => ({ ...item, locked: { ...item.locked, archive } });
  return {
    ...index,
    versionsOf: (name) => index.versionsOf(name).map(placed),
    providersOf: (name) => index.providersOf(name).map(placed),
  };
}
