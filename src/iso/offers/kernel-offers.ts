// Names of Debian's kernel packages: https://kernel-team.pages.debian.net/kernel-handbook/ch-packaging.html
import * as z from "zod";
import type { BinaryPackage } from "../debian/packages/binary-package.ts";
import type { PackageIndex } from "../debian/packages/package-index.ts";
import { admits, type Relation } from "../debian/packages/relations.ts";

/** A kernel that a suite has whole. */
export const kernelOfferSchema = z.object({
  /** "6.12" */
  series: z.string(),
  /** "6.12.107"; of a release candidate "7.3~rc7". */
  version: z.string(),
  /** What `uname -r` prints: "6.12.107+deb13-cloud-amd64". */
  release: z.string(),
  /** "6.12.107-1" */
  packageVersion: z.string(),
  /** "cloud" is small and has drivers for virtual machines alone. */
  flavour: z.enum(["cloud", "full"]),
  /** True for a release candidate. */
  isCandidate: z.boolean(),
  suite: z.string(),
  /** Names of the packages to want; none of them is empty. */
  packages: z.array(z.string()),
  /** Names that they depend on although their files are of no use in a machine and the suite lacks them. */
  without: z.array(z.string()),
  /** What these packages are to download. */
  sizeBytes: z.number().int().positive(),
});
export type KernelOffer = Readonly<z.infer<typeof kernelOfferSchema>>;

/**
 * Every kernel of the index that is whole, of each package the newest version. Kernels for real
 * time, for other page sizes or without signature are left out.
 */
export function kernelOffersIn(index: PackageIndex, suite: string): readonly KernelOffer[] {
  const offers: KernelOffer[] = [];
  for (const name of index.names()) {
    const [, release, cloud] = imageName.exec(name) ?? [];
    const [image] = release === undefined ? [] : index.versionsOf(name);
    if (image === undefined || release === undefined) continue;
    const set = wholeSet(index, image, release);
    const version = parseVersion(image.locked.version);
    if (set === undefined || version === undefined) continue;
    offers.push({
      ...{ ...version, release, packageVersion: image.locked.version },
      ...{ flavour: cloud === undefined ? "full" : "cloud", suite },
      packages: set.packages.map(({ locked }) => locked.name),
      without: [...set.without],
      sizeBytes: set.packages.reduce((sum, { locked }) => sum + locked.size, 0),
    });
  }
  return offers;
}

/** The ABI's parts begin with digits, which tells them from flavours: 5.10.0-32, 6.12.90+deb12.1, 6.19-rc6. */
const imageName = /^linux-image-(\d[^-]*(?:-\d[^-]*|-rc\d+)?-(cloud-)?(?:amd64|arm64))$/;

interface KernelSet {
  readonly packages: readonly BinaryPackage[];
  readonly without: readonly string[];
}

/**
 * The packages that hold the kernel's files; undefined when one of them is missing in the version
 * that is asked for, and for a package that only names another kernel, as linux-image-6.12-amd64 does. Up to 6.18 all files are in one package (6.18's depends on a base that has none
 * of them); from 6.19 on that package is empty and depends on binary, modules and base.
 */
function wholeSet(
  index: PackageIndex,
  image: BinaryPackage,
  release: string,
): KernelSet | undefined {
  const relations = image.requirements.flat();
  const relationOf = (part: string) =>
    relations.find(({ name }) => name === `linux-${part}-${release}`);
  const inIndex = (relation: Relation | undefined) => {
    const [newest] = relation === undefined ? [] : index.versionsOf(relation.name);
    return newest && relation && admits(relation, newest.locked.version) ? newest : undefined;
  };
  if (relations.some(({ name }) => name.startsWith("linux-image-"))) return undefined;
  const base = relationOf("base");
  const [binary, modules] = [relationOf("binary"), relationOf("modules")];
  if (binary === undefined && modules === undefined) {
    const isLacking = base !== undefined && inIndex(base) === undefined;
    return { packages: [image], without: isLacking ? [base.name] : [] };
  }
  const parts = [binary, modules, base].map(inIndex).filter((part) => part !== undefined);
  return parts.length === 3 ? { packages: parts, without: [] } : undefined;
}

/** Upstream's version is what stands before Debian's revision. */
function parseVersion(packageVersion: string) {
  const [, version, series, candidate] =
    /^((\d+\.\d+)(?:\.\d+)*(~rc\d+)?)(?:[+.~][^-]*)?-/.exec(packageVersion) ?? [];
  if (version === undefined || series === undefined) return undefined;
  return { series, version, isCandidate: candidate !== undefined };
}
