import { describe, expect, test } from "vitest";
import { inArchive, mergeIndexes } from "../../../../src/iso/debian/packages/merged-index.ts";
import { readPackageIndex } from "../../../../src/iso/debian/packages/package-index.ts";
import { resolvePackages } from "../../../../src/iso/debian/packages/resolve.ts";
import { packagesFile, type TestPackage } from "../../../support/debian/repository.ts";

async function indexOf(title: string, packages: readonly TestPackage[]) {
  async function* bytes() {
    yield Buffer.from(packagesFile(packages));
  }
  return readPackageIndex(title, bytes());
}

const engine = { name: "engine", fields: { Depends: "tls" } };
const merged = async (updated: readonly TestPackage[]) =>
  mergeIndexes([
    await indexOf("trixie", [
      { ...engine, version: "26.1-1" },
      { name: "tls", version: "3.5-1" },
      { name: "tls-tools", version: "3.5-1", fields: { Provides: "tools" } },
    ]),
    inArchive("debian-security", await indexOf("trixie-security", updated)),
  ]);

describe("a suite with its security updates", () => {
  test("gives the updated package where there is one, with the archive that has it", async () => {
    const index = await merged([{ name: "tls", version: "3.5-1+deb13u1" }]);
    const chosen = resolvePackages(index, { wanted: ["engine"], without: [] });
    expect(chosen).toMatchObject([
      { name: "engine", version: "26.1-1" },
      { name: "tls", version: "3.5-1+deb13u1", archive: "debian-security" },
    ]);
    expect(chosen[0]).not.toHaveProperty("archive");
  });

  test("keeps the suite's own package where a point release has overtaken the update", async () => {
    const index = await merged([{ name: "tls", version: "3.5-0+deb13u9" }]);
    const chosen = resolvePackages(index, { wanted: ["tls"], without: [] });
    expect(chosen).toMatchObject([{ name: "tls", version: "3.5-1" }]);
  });

  test("has the names and provisions of both", async () => {
    const fields = { Provides: "tools" };
    const index = await merged([{ name: "tls-tools", version: "3.5-2", fields }]);
    expect([...index.names()]).toEqual(["engine", "tls", "tls-tools"]);
    expect(index.providersOf("tools").map(({ locked }) => locked.version)).toEqual([
      "3.5-2",
      "3.5-1",
    ]);
    expect(index.title).toBe("trixie + trixie-security");
  });
});
