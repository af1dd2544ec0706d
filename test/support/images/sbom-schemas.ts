// The parts of the two standards' JSON forms that tsmachine writes; whatever else is refused.
import * as z from "zod";

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

/** ECMA-427, section 5: what types, names, versions and qualifiers may be made of. */
export const purlSchema = z
  .string()
  .regex(
    /^pkg:[a-z][a-z0-9.-]*(\/[\w.~%-]+)+(@[\w.~%:-]+)?(\?[a-z_]+=[\w.~%:-]+(&[a-z_]+=[\w.~%:-]+)*)?$/,
  );

/** Section 7.2 of SPDX 2.3: letters, digits, dots and dashes. */
const spdxIdSchema = z.string().regex(/^SPDXRef-[A-Za-z0-9.-]+$/);

const spdxPackageSchema = z.strictObject({
  SPDXID: spdxIdSchema,
  name: z.string().min(1),
  versionInfo: z.string().min(1).optional(),
  packageFileName: z.string().min(1),
  supplier: z
    .string()
    .regex(/^(Person|Organization): .+|^NOASSERTION$/)
    .optional(),
  sourceInfo: z.string().optional(),
  downloadLocation: z.literal("NOASSERTION"),
  // Without a look at the files there is no verification code: section 7.9.
  filesAnalyzed: z.literal(false),
  licenseConcluded: z.literal("NOASSERTION"),
  licenseDeclared: z.literal("NOASSERTION"),
  copyrightText: z.literal("NOASSERTION"),
  checksums: z.array(
    z.strictObject({ algorithm: z.literal("SHA256"), checksumValue: sha256Schema }),
  ),
  externalRefs: z
    .array(
      z.strictObject({
        referenceCategory: z.literal("PACKAGE-MANAGER"),
        referenceType: z.literal("purl"),
        referenceLocator: purlSchema,
      }),
    )
    .optional(),
});

/** https://spdx.github.io/spdx-spec/v2.3/ */
export const spdxSchema = z.strictObject({
  spdxVersion: z.literal("SPDX-2.3"),
  dataLicense: z.literal("CC0-1.0"),
  SPDXID: z.literal("SPDXRef-DOCUMENT"),
  name: z.string().min(1),
  documentNamespace: z.url().refine((uri) => !uri.includes("#")),
  creationInfo: z.strictObject({
    created: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    creators: z.array(z.string().regex(/^(Person|Organization|Tool): .+/)).min(1),
  }),
  packages: z.array(spdxPackageSchema).min(1),
  relationships: z.array(
    z.strictObject({
      spdxElementId: spdxIdSchema,
      relationshipType: z.enum(["CONTAINS", "DESCRIBES"]),
      relatedSpdxElement: spdxIdSchema,
    }),
  ),
});

const cyclonedxComponentSchema = z.strictObject({
  type: z.enum(["operating-system", "library", "file", "application"]),
  "bom-ref": z.string().min(1).optional(),
  name: z.string(),
  version: z.string().optional(),
  supplier: z.strictObject({ name: z.string() }).optional(),
  hashes: z.array(z.strictObject({ alg: z.literal("SHA-256"), content: sha256Schema })).optional(),
  purl: purlSchema.optional(),
  properties: z.array(z.strictObject({ name: z.string(), value: z.string() })).optional(),
});

/** ECMA-424, first edition. */
export const cyclonedxSchema = z.strictObject({
  bomFormat: z.literal("CycloneDX"),
  specVersion: z.literal("1.6"),
  serialNumber: z
    .string()
    .regex(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
  version: z.int().min(1),
  metadata: z.strictObject({
    timestamp: z.iso.datetime(),
    tools: z.strictObject({ components: z.array(cyclonedxComponentSchema) }),
    component: cyclonedxComponentSchema,
  }),
  components: z.array(cyclonedxComponentSchema),
  dependencies: z.array(
    z.strictObject({ ref: z.string(), dependsOn: z.array(z.string()).optional() }),
  ),
});
