import type { LockedPackage } from "../../../src/iso/debian/lock.ts";
import { readPackageIndex } from "../../../src/iso/debian/packages/package-index.ts";
import { compareVersions } from "../../../src/iso/debian/packages/version.ts";
import { engineOffersIn } from "../../../src/iso/offers/engine-offers.ts";
import { kernelOffersIn } from "../../../src/iso/offers/kernel-offers.ts";
import type { FakePackage } from "./fake-images-packages.ts";

/** What a trixie with these packages offers. */
export async function fakeOffers(
  packages: readonly FakePackage[],
  locked: readonly LockedPackage[],
) {
  const paragraphs = packages.flatMap(({ name, depends }) =>
    locked.filter((one) => one.name === name).map((one) => paragraphOf(one, depends)),
  );
  const index = await readIndex(paragraphs.join("\n"));
  return {
    kernels: kernelOffersIn(index, "trixie").toSorted((a, b) =>
      compareVersions(b.packageVersion, a.packageVersion),
    ),
    engines: engineOffersIn(index, "trixie"),
  };
}

function paragraphOf(locked: LockedPackage, depends: readonly string[] = []): string {
  const { name, version, architecture, filename, size, sha256 } = locked;
  return [
    ...[`Package: ${name}`, `Version: ${version}`, `Architecture: ${architecture}`],
    ...(depends.length === 0 ? [] : [`Depends: ${depends.join(", ")}`]),
    ...[`Filename: ${filename}`, `Size: ${size}`, `SHA256: ${sha256}`, ""],
  ].join("\n");
}

/** Reads the text of a Packages file. */
export function readIndex(text: string) {
  return readPackageIndex("test", chunksOf(text));
}

async function* chunksOf(text: string) {
  yield Buffer.from(text);
}
