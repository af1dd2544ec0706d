import fc from "fast-check";
import { expect, test } from "vitest";
import { run } from "../../../src/host/processes/run.ts";
import { compareVersions } from "../../../src/iso/debian/packages/version.ts";
import { versionArbitrary, versionPairs } from "../../support/debian/versions.ts";

const dpkgVersion = await run("dpkg", ["--version"]).catch(() => undefined);

async function dpkgSays(a: string, relation: "lt" | "eq" | "gt", b: string): Promise<boolean> {
  const args = ["--compare-versions", a, relation, b];
  return (await run("dpkg", args, { acceptExitCodes: [0, 1] })).exitCode === 0;
}

const relationOf = (order: number) => (order < 0 ? "lt" : order > 0 ? "gt" : "eq");

test.skipIf(dpkgVersion === undefined)("dpkg orders versions as compareVersions does", async () => {
  for (const [a, , b] of versionPairs) {
    expect([a, b, await dpkgSays(a, relationOf(compareVersions(a, b)), b)]).toEqual([a, b, true]);
  }
  await fc.assert(
    fc.asyncProperty(versionArbitrary, versionArbitrary, async (a, b) => {
      expect(await dpkgSays(a, relationOf(compareVersions(a, b)), b)).toBe(true);
    }),
    { numRuns: 200 },
  );
});
