// SPDX 2.3: https://spdx.github.io/spdx-spec/v2.3/, in JSON.
import type { BillOfMaterials, ImageComponent, PartComponent } from "./components.ts";

/** The bill as a value for JSON. The same images give the same text. */
export function spdxDocument({ name, tool, time, images, parts }: BillOfMaterials) {
  const documentName = `${tool.name}-${tool.version}-${name.replaceAll(" ", "-")}`;
  return {
    spdxVersion: "SPDX-2.3",
    dataLicense: "CC0-1.0",
    SPDXID: documentId,
    name: documentName,
    // Section 6.5: the form for those who have no web site for their documents.
    documentNamespace: `https://spdx.org/spdxdocs/${documentName}`,
    creationInfo: { created: secondsOf(time), creators: [`Tool: ${tool.name}-${tool.version}`] },
    packages: [...images.map(imagePackage), ...parts.map(partPackage)],
    relationships: [
      ...images.map(({ id }) => relation(documentId, "DESCRIBES", refOf(id))),
      ...images.flatMap(({ id, contains }) =>
        contains.map((part) => relation(refOf(id), "CONTAINS", refOf(part))),
      ),
    ],
  };
}

const documentId = "SPDXRef-DOCUMENT";

/** What nobody has looked into. */
const unknown = {
  downloadLocation: "NOASSERTION",
  filesAnalyzed: false,
  licenseConcluded: "NOASSERTION",
  licenseDeclared: "NOASSERTION",
  copyrightText: "NOASSERTION",
} as const;

function imagePackage({ id, name, version, file, sha256 }: ImageComponent) {
  return {
    SPDXID: refOf(id),
    name,
    versionInfo: version,
    packageFileName: file,
    ...unknown,
    checksums: [{ algorithm: "SHA256", checksumValue: sha256 }],
  };
}

function partPackage({ id, name, version, purl, sha256, path, archive }: PartComponent) {
  return {
    SPDXID: refOf(id),
    name,
    ...(version !== undefined && { versionInfo: version }),
    // No download location: that would be an address on one of the mirrors.
    packageFileName: path,
    ...(archive !== undefined && {
      supplier: "Organization: Debian",
      sourceInfo: `from the archive ${archive} on any mirror`,
    }),
    ...unknown,
    checksums: [{ algorithm: "SHA256", checksumValue: sha256 }],
    externalRefs: [
      { referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: purl },
    ],
  };
}

function relation(from: string, relationshipType: "CONTAINS" | "DESCRIBES", to: string) {
  return { spdxElementId: from, relationshipType, relatedSpdxElement: to };
}

function refOf(id: string): string {
  return `SPDXRef-${id}`;
}

/** Section 6.9: no fractions of seconds. */
function secondsOf(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, "Z");
}
