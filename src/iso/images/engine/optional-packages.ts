import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import type { ImageReport } from "../image-design.ts";
import type { UpdatedSuite } from "../open-with-updates.ts";
import type { PackageSource } from "../package-source.ts";

/**
 * Those of the packages that can be had: mirrors have lost some that their index still lists. They
 * are fetched, since nothing else tells.
 * @throws TsmachineError of PackageSource.fetch, but for PACKAGE_GONE
 */
export async function obtainablePackages(
  names: readonly string[],
  { releases, newestOf }: Pick<UpdatedSuite, "releases" | "newestOf">,
  { source, report }: { readonly source: PackageSource; readonly report: ImageReport },
): Promise<readonly string[]> {
  const date =
    releases
      .map((release) => release.date)
      .toSorted()
      .at(-1) ?? "";
  const obtainable: string[] = [];
  for (const name of names) {
    const found = newestOf(name);
    if (found === undefined) continue;
    try {
      await source.fetch({ packages: [found], date }, () => {});
      obtainable.push(name);
    } catch (error) {
      if (!(error instanceof TsmachineError) || error.code !== "PACKAGE_GONE") throw error;
      report.detail(`${error.message}; going on without it`);
    }
  }
  return obtainable;
}
