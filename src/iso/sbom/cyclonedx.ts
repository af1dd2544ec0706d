// CycloneDX 1.6 (ECMA-424), in JSON.
import { createHash } from "node:crypto";
import type { BillOfMaterials, ImageComponent, PartComponent } from "./components.ts";

/** The bill as a value for JSON. The same images give the same text. */
export function cyclonedxDocument({ name, tool, time, images, parts }: BillOfMaterials) {
  const subject = { type: "operating-system", "bom-ref": "machine", name: "tsmachine machine" };
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: `urn:uuid:${uuidOf(`${name} ${tool.version}`)}`,
    version: 1,
    metadata: {
      timestamp: time.toISOString(),
      tools: { components: [{ type: "application", ...tool }] },
      component: subject,
    },
    components: [...images.map(imageComponent), ...parts.map(partComponent)],
    dependencies: [
      { ref: subject["bom-ref"], dependsOn: images.map(({ id }) => id) },
      ...images.map(({ id, contains }) => ({ ref: id, dependsOn: contains })),
    ],
  };
}

function imageComponent({ id, name, version, file, sha256 }: ImageComponent) {
  return {
    type: "operating-system",
    "bom-ref": id,
    name,
    version,
    hashes: [{ alg: "SHA-256", content: sha256 }],
    properties: [{ name: "tsmachine:file", value: file }],
  };
}

function partComponent({ id, name, version, purl, sha256, path, archive }: PartComponent) {
  return {
    type: archive === undefined ? "file" : "library",
    "bom-ref": id,
    name,
    ...(version !== undefined && { version }),
    ...(archive !== undefined && { supplier: { name: "Debian" } }),
    hashes: [{ alg: "SHA-256", content: sha256 }],
    purl,
    properties: [
      { name: "tsmachine:path", value: path },
      ...(archive === undefined ? [] : [{ name: "tsmachine:archive", value: archive }]),
    ],
  };
}

/** A UUID of version 8 made of the text: RFC 9562, section 5.8. */
function uuidOf(text: string): string {
  const bytes = createHash("sha256").update(text).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
