import { describe, expect, test } from "vitest";
import { kernelOffersIn } from "../../../../src/iso/offers/kernel-offers.ts";
import { packagesFile, type TestPackage } from "../../../support/debian/repository.ts";
import { readIndex } from "../../../support/images/fake-offers.ts";

const onePackage = (release: string, version: string, content = "kernel"): TestPackage => ({
  ...{ name: `linux-image-${release}`, version, content },
  fields: { Depends: "kmod, linux-base (>= 4.12~)" },
});

const part = (name: string, release: string, version: string): TestPackage => ({
  ...{ name: `linux-${name}-${release}`, version, content: name },
  fields: {},
});

const empty = (release: string, version: string): TestPackage => ({
  ...{ name: `linux-image-${release}`, version, content: "links to documents" },
  fields: {
    Depends: ["base", "binary", "modules"]
      .map((name) => `linux-${name}-${release} (= ${version})`)
      .join(", "),
  },
});

const threePackages = (release: string, version: string): TestPackage[] => [
  empty(release, version),
  ...["base", "binary", "modules"].map((name) => part(name, release, version)),
];

const offersOf = async (packages: readonly TestPackage[]) =>
  kernelOffersIn(await readIndex(packagesFile(packages)), "trixie");

describe("the kernels of an index", () => {
  test("are single packages, whose series is that of the package's version", async () => {
    const [offer, ...others] = await offersOf([
      onePackage("5.10.0-32-cloud-amd64", "5.10.223-1"),
      { name: "linux-image-cloud-amd64", version: "5.10.223-1" },
      { name: "linux-image-amd64-signed-template", version: "5.10.223-1" },
    ]);
    expect(others).toEqual([]);
    expect(offer).toEqual({
      ...{ series: "5.10", version: "5.10.223", packageVersion: "5.10.223-1" },
      ...{ release: "5.10.0-32-cloud-amd64", flavour: "cloud", isCandidate: false },
      ...{ suite: "trixie", packages: ["linux-image-5.10.0-32-cloud-amd64"], without: [] },
      sizeBytes: "kernel".length,
    });
  });

  test("are sets of three packages, without the empty one that names them", async () => {
    const [offer] = await offersOf(threePackages("7.3.4+deb13-amd64", "7.3.4-1~bpo13+1"));
    expect(offer).toMatchObject({
      ...{ series: "7.3", version: "7.3.4", flavour: "full", without: [] },
      packages: ["binary", "modules", "base"].map((name) => `linux-${name}-7.3.4+deb13-amd64`),
      sizeBytes: "binarymodulesbase".length,
    });
  });

  test.each(["base", "binary", "modules"])("leave out a set that lacks its %s", async (name) => {
    const set = threePackages("7.1.3+deb13-amd64", "7.1.3-1");
    const lacking = set.filter((item) => !item.name.startsWith(`linux-${name}-`));
    expect(await offersOf(lacking)).toEqual([]);
  });

  test("leave out a package that has no files and depends on the newest of its series", async () => {
    const newest = onePackage("6.12.117+deb12-amd64", "6.12.117-1~deb12u1");
    const meta: TestPackage = {
      ...{ name: "linux-image-6.12-amd64", version: "6.12.117-1~deb12u1" },
      fields: { Depends: `${newest.name} (= 6.12.117-1~deb12u1)` },
    };
    expect(await offersOf([meta, newest])).toEqual([
      expect.objectContaining({ release: "6.12.117+deb12-amd64" }),
    ]);
  });

  test("leave out a set one of whose parts is of another version", async () => {
    const release = "7.1.3+deb13-amd64";
    const set = threePackages(release, "7.1.3-1").filter(({ name }) => !/modules/.test(name));
    expect(await offersOf([...set, part("modules", release, "7.1.3-2")])).toEqual([]);
  });

  test("name a base that the suite lacks and that the only package can do without", async () => {
    const release = "6.18.15+deb13-cloud-amd64";
    const image: TestPackage = {
      ...{ name: `linux-image-${release}`, version: "6.18.15-1" },
      fields: { Depends: `kmod, linux-base-${release} (= 6.18.15-1)` },
    };
    const [lacking] = await offersOf([image]);
    expect(lacking).toMatchObject({
      ...{ packages: [image.name], without: [`linux-base-${release}`] },
    });
    const [whole] = await offersOf([image, part("base", release, "6.18.15-1")]);
    expect(whole).toMatchObject({ packages: [image.name], without: [] });
  });

  test.each([
    "6.12.107+deb13-rt-amd64",
    "6.12.107+deb13-arm64-16k",
    "6.12.107+deb13-amd64-dbg",
    "6.12.107+deb13-cloud-amd64-unsigned",
    "6.12.107+deb13-rt-amd64-unsigned",
    "5.10.0-32-rt-arm64",
    "6.1.0-50-686-pae",
  ])("leave out %s", async (release) => {
    expect(await offersOf([onePackage(release, "6.12.107-1")])).toEqual([]);
  });

  test.each([
    ["6.1.0-0.deb11.21-amd64", "6.1.90-1~bpo11+1", "6.1.90"],
    ["6.12.90+deb12.1-cloud-arm64", "6.12.90-2~bpo12+1", "6.12.90"],
    ["6.10.11+bpo-amd64", "6.10.11-1~bpo12+1", "6.10.11"],
    ["6.19-rc6-amd64", "6.19~rc6-1~exp1", "6.19~rc6"],
    ["7.3-amd64", "7.3~rc7-1~exp1", "7.3~rc7"],
  ])("take %s of %s for %s", async (release, packageVersion, version) => {
    const [offer] = await offersOf([onePackage(release, packageVersion)]);
    const isCandidate = version.includes("rc");
    expect(offer).toMatchObject({ release, packageVersion, version, isCandidate });
  });

  test("are the newest of several versions of one package", async () => {
    const release = "6.12.107+deb13-amd64";
    const offers = await offersOf([
      onePackage(release, "6.12.107-1"),
      onePackage(release, "6.12.107-2"),
    ]);
    expect(offers.map(({ packageVersion }) => packageVersion)).toEqual(["6.12.107-2"]);
  });
});
