import { describe, expect, test } from "vitest";
import type { ImageManifest } from "../../../../src/iso/images/cache/image-manifest.ts";
import { type ImageLock, imageLockSchema, keyOf } from "../../../../src/iso/images/image-lock.ts";
import { billOf } from "../../../../src/iso/sbom/components.ts";
import { cyclonedxDocument } from "../../../../src/iso/sbom/cyclonedx.ts";
import { debPurl, genericPurl } from "../../../../src/iso/sbom/purl.ts";
import { spdxDocument } from "../../../../src/iso/sbom/spdx.ts";
import { cyclonedxSchema, purlSchema, spdxSchema } from "../../../support/images/sbom-schemas.ts";

const hash = (digit: string) => digit.repeat(64);

function debian(name: string, version: string, digit: string): ImageLock["packages"][number] {
  const filename = `pool/main/${name[0]}/${name}/${name}_1.deb`;
  return { name, version, architecture: "amd64", filename, size: 1, sha256: hash(digit) };
}

const busybox = debian("busybox-static", "1:1.37.0-6+b9", "b");

function manifest(kind: "boot" | "engine", changes: Partial<ImageLock>): ImageManifest {
  const lock = imageLockSchema.parse({
    ...{ lockVersion: 2, kind, architecture: "amd64", templates: hash("0"), inputs: [] },
    releases: [{ suite: "trixie", date: "2026-09-12T07:55:41.000Z" }],
    packages: [busybox],
    ...changes,
  });
  const name = kind === "boot" ? "boot.iso" : "engine.iso";
  const files = { [name]: { size: 9, sha256: hash("f") } };
  return { schemaVersion: 2, key: keyOf(lock), version: "6.12", lock, files };
}

const images = [
  manifest("boot", {
    releases: [
      { suite: "trixie", date: "2026-09-12T07:55:41.000Z" },
      { suite: "trixie-backports", date: "2026-11-20T01:02:03.000Z" },
    ],
    packages: [
      busybox,
      { ...debian("linux-image-7.3", "7.3-1~bpo13+1", "1"), suite: "trixie-backports" },
    ],
    inputs: [{ name: "modules.tar", size: 2, sha256: hash("2") }],
  }),
  manifest("engine", {
    packages: [busybox, { ...debian("libstdc++6", "14.2.0-19", "3"), archive: "debian-security" }],
  }),
];

const bill = billOf(images, "1.2.3");
const spdx = spdxDocument(bill);
const cyclonedx = cyclonedxDocument(bill);

describe("a package URL", () => {
  test.each([
    { name: "runc", version: "1.1.15+ds1-2", purl: "pkg:deb/debian/runc@1.1.15%2Bds1-2" },
    { name: "attr", version: "1:2.4.47~rc1-2", purl: "pkg:deb/debian/attr@1:2.4.47~rc1-2" },
    { name: "libstdc++6", version: "14", purl: "pkg:deb/debian/libstdc%2B%2B6@14" },
  ])("of $name $version has what is special as percent codes", ({ name, version, purl }) => {
    const made = debPurl({ name, version, architecture: "arm64" }, "trixie");
    expect(made).toBe(`${purl}?arch=arm64&distro=trixie`);
    expect(purlSchema.parse(made)).toBe(made);
  });

  test("of a file has its hash", () => {
    const made = genericPurl({ name: "vmlinuz", sha256: hash("a") });
    expect(purlSchema.parse(made)).toBe(`pkg:generic/vmlinuz?checksum=sha256:${hash("a")}`);
  });
});

describe.each([
  { form: "SPDX", document: spdx, schema: spdxSchema, again: spdxDocument },
  { form: "CycloneDX", document: cyclonedx, schema: cyclonedxSchema, again: cyclonedxDocument },
])("a bill in the form of $form", ({ document, schema, again }) => {
  test("is what the standard allows", () => {
    expect(schema.parse(JSON.parse(JSON.stringify(document)))).toEqual(document);
  });

  test("is the same for the same images, and another one for others", () => {
    expect(again(billOf(images, "1.2.3"))).toEqual(document);
    expect(again(billOf(images.slice(1), "1.2.3"))).not.toEqual(document);
  });

  test("names no mirror", () => {
    expect(JSON.stringify(document)).not.toMatch(/https?:\/\/(?!spdx\.org\/spdxdocs\/)/);
  });
});

test("SPDX describes the images and what each contains, what both have but once", () => {
  const byId = new Map(spdx.packages.map((item) => [item.SPDXID, item]));
  expect(byId.size).toBe(spdx.packages.length);
  const related = (type: string) =>
    spdx.relationships.filter(({ relationshipType }) => relationshipType === type);
  expect(related("DESCRIBES").map(({ relatedSpdxElement: id }) => byId.get(id)?.name)).toEqual([
    ...["tsmachine boot image", "tsmachine engine image"],
  ]);
  const names = (id = "") =>
    related("CONTAINS")
      .filter(({ spdxElementId }) => spdxElementId === id)
      .map(({ relatedSpdxElement }) => byId.get(relatedSpdxElement)?.name);
  const [boot, engine] = spdx.packages;
  expect(names(boot?.SPDXID)).toEqual(["busybox-static", "linux-image-7.3", "modules.tar"]);
  expect(names(engine?.SPDXID)).toEqual(["busybox-static", "libstdc++6"]);
});

test("CycloneDX has every reference it uses, and each but once", () => {
  const { component } = cyclonedx.metadata;
  const refs = [component, ...cyclonedx.components].map((item) => item["bom-ref"]);
  expect(new Set(refs).size).toBe(refs.length);
  for (const { ref, dependsOn } of cyclonedx.dependencies) {
    expect(refs).toEqual(expect.arrayContaining([ref, ...dependsOn]));
  }
});

test("a package has its hash, its path, its suite and its archive; a file of the user's its hash", () => {
  const parts = new Map(bill.parts.map((part) => [part.name, part]));
  expect(parts.get("linux-image-7.3")).toMatchObject({
    sha256: hash("1"),
    path: "pool/main/l/linux-image-7.3/linux-image-7.3_1.deb",
    purl: "pkg:deb/debian/linux-image-7.3@7.3-1~bpo13%2B1?arch=amd64&distro=trixie-backports",
  });
  expect(parts.get("libstdc++6")).toMatchObject({ archive: "debian-security" });
  expect(parts.get("modules.tar")).toMatchObject({ sha256: hash("2"), archive: undefined });
});

test("the time is the newest of the releases", () => {
  expect(spdx.creationInfo.created).toBe("2026-11-20T01:02:03Z");
  expect(cyclonedx.metadata.timestamp).toBe("2026-11-20T01:02:03.000Z");
});
