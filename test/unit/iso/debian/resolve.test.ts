import { describe, expect, test } from "vitest";
import { readPackageIndex } from "../../../../src/iso/debian/packages/package-index.ts";
import {
  type PackageRequest,
  resolvePackages,
} from "../../../../src/iso/debian/packages/resolve.ts";
import { locked, packagesFile, type TestPackage } from "../../../support/debian/repository.ts";

type Fields = Readonly<Record<string, string>>;

function indexOf(packages: readonly TestPackage[]) {
  async function* chunks() {
    yield Buffer.from(packagesFile(packages));
  }
  return readPackageIndex("trixie amd64", chunks());
}

/** Packages of version 1.0-1 with these fields; a name may have a version after a slash. */
function packagesOf(fieldsByName: Readonly<Record<string, Fields>>): TestPackage[] {
  return Object.entries(fieldsByName).map(([key, fields]) => {
    const [name = key, version = "1.0-1"] = key.split("/");
    return { name, version, fields };
  });
}

interface Example extends Partial<PackageRequest> {
  readonly title: string;
  readonly packages: Readonly<Record<string, Fields>>;
}

async function resolve({ packages, wanted = ["app"], without = [] }: Omit<Example, "title">) {
  const index = await indexOf(packagesOf(packages));
  return resolvePackages(index, { wanted, without });
}

describe("resolvePackages", () => {
  const examples: (Example & { result: string[] })[] = [
    {
      title: "follows Depends and Pre-Depends to the end, through circles",
      packages: {
        app: { Depends: "lib0, tool", "Pre-Depends": "base" },
        base: {},
        lib0: { Depends: "app, zlib" },
        tool: {},
        unrelated: {},
        zlib: {},
      },
      result: ["app", "base", "lib0", "tool", "zlib"],
    },
    {
      title: "takes the first alternative that there is",
      packages: { app: { Depends: "none | second | third" }, second: {}, third: {} },
      result: ["app", "second"],
    },
    {
      title: "prefers an alternative that is there already",
      packages: { app: { Depends: "first | second" }, first: {}, second: {} },
      wanted: ["app", "second"],
      result: ["app", "second"],
    },
    {
      title: "prefers an alternative that is provided already",
      packages: { app: { Depends: "first | virtual" }, first: {}, real: { Provides: "virtual" } },
      wanted: ["app", "real"],
      result: ["app", "real"],
    },
    {
      title: "takes the first provider by name for a virtual package",
      packages: {
        app: { Depends: "virtual" },
        zeta: { Provides: "virtual" },
        beta: { Provides: "virtual" },
      },
      result: ["app", "beta"],
    },
    {
      title: "prefers a package of the name to one that provides it",
      packages: { alpha: { Provides: "tool" }, app: { Depends: "tool" }, tool: {} },
      result: ["app", "tool"],
    },
    {
      title: "lets a provider stand for a version only when it gives one",
      packages: {
        alpha: { Provides: "virtual" },
        app: { Depends: "virtual (>= 2)" },
        beta: { Provides: "virtual (= 1)" },
        gamma: { Provides: "virtual (= 3)" },
      },
      result: ["app", "gamma"],
    },
    {
      title: "counts what is left out as installed, whatever its version",
      packages: { app: { Depends: "debconf (>= 99) | cdebconf, lib0" }, cdebconf: {}, lib0: {} },
      without: ["debconf"],
      result: ["app", "lib0"],
    },
    {
      title: "counts what is provided by a left-out package as installed",
      packages: {
        app: { Depends: "debconf-2.0" },
        cdebconf: { Provides: "debconf-2.0" },
        debconf: { Provides: "debconf-2.0" },
      },
      without: ["debconf"],
      result: ["app"],
    },
    {
      title: "takes a wanted package even when a left-out one provides its name",
      packages: { app: {}, other: { Provides: "app" } },
      without: ["other"],
      result: ["app"],
    },
    {
      title: "takes the newest version",
      packages: { "app/1.9": {}, "app/1.10": {}, "app/1.10~rc1": {} },
      result: ["app 1.10"],
    },
    {
      title: "takes the newest version that fits",
      packages: { app: { Depends: "lib0 (<< 2)" }, "lib0/1.5": {}, "lib0/2": {} },
      result: ["app", "lib0 1.5"],
    },
    {
      title: "takes a wanted version",
      packages: { "app/1.9": {}, "app/1.10": {} },
      wanted: ["app (= 1.9)"],
      result: ["app 1.9"],
    },
    {
      title: "takes the first wanted alternative that there is",
      packages: { app: {}, tool: {} },
      wanted: ["app-cli | app", "tool | app-cli"],
      result: ["app", "tool"],
    },
    {
      title: "takes no further alternative where one is there by another wish",
      packages: { app: {}, "app-cli": {} },
      wanted: ["app", "app-cli | app"],
      result: ["app"],
    },
    {
      title: "takes a package once that is wanted twice",
      packages: { app: {} },
      wanted: ["app", "app"],
      result: ["app"],
    },
  ];
  test.each(examples)("$title", async ({ result, ...example }) => {
    const found = await resolve(example);
    expect(
      found.map(({ name, version }) => (version === "1.0-1" ? name : `${name} ${version}`)),
    ).toEqual(result);
  });

  test("gives the same result in whatever order the index and the wish are", async () => {
    const packages = packagesOf({
      app: { Depends: "virtual, lib0" },
      beta: { Provides: "virtual" },
      lib0: {},
      zeta: { Provides: "virtual" },
    });
    const wanted = ["lib0", "app"];
    const there = resolvePackages(await indexOf(packages), { wanted, without: [] });
    const back = resolvePackages(await indexOf(packages.toReversed()), {
      wanted: wanted.toReversed(),
      without: [],
    });
    expect(back).toEqual(there);
    expect(there.map(({ name }) => name)).toEqual(["app", "beta", "lib0"]);
  });

  test("gives what a lock needs of each package", async () => {
    const app = { name: "app", version: "2:1.0+dfsg-1", architecture: "all" };
    const result = resolvePackages(await indexOf([app]), { wanted: ["app"], without: [] });
    expect(result).toEqual([locked(app)]);
  });

  const failures: (Example & { message: string })[] = [
    {
      title: "a wanted package that is missing",
      packages: {},
      message: 'no package of Debian trixie amd64 meets "app"',
    },
    {
      title: "a missing package with the chain that needs it",
      packages: { app: { Depends: "lib0" }, lib0: { Depends: "none (>= 2) | nothing" } },
      message:
        'no package of Debian trixie amd64 meets "none (>= 2) | nothing", which app → lib0 depends on',
    },
    {
      title: "a version that is too old",
      packages: { app: { Depends: "lib0 (>= 2)" }, "lib0/1.5": {} },
      message: 'no package of Debian trixie amd64 meets "lib0 (>= 2)", which app depends on',
    },
    {
      title: "two versions of one package at a time",
      packages: { app: { Depends: "lib0 (= 1), tool" }, "lib0/1": {}, "lib0/2": {}, tool: {} },
      wanted: ["lib0 (= 2)", "app"],
      message: 'no package of Debian trixie amd64 meets "lib0 (= 1)", which app depends on',
    },
  ];
  test.each(failures)("reports $title", async ({ message, ...example }) => {
    await expect(resolve(example)).rejects.toMatchObject({ code: "PACKAGE_UNAVAILABLE", message });
  });

  test("refuses a wish for what is left out", async () => {
    const wish = { packages: { app: {} }, without: ["app"] };
    await expect(resolve(wish)).rejects.toMatchObject({
      code: "INVALID_INPUT",
      message: "package app is both wanted and left out",
    });
  });

  test("refuses a wish that is no package's name", async () => {
    await expect(resolve({ packages: {}, wanted: ["app; reboot"] })).rejects.toMatchObject({
      code: "INVALID_INPUT",
    });
  });
});
