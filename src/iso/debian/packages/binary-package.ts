import * as z from "zod";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { parseParagraph } from "../deb822.ts";
import { type LockedPackage, lockedPackageSchema } from "../lock.ts";
import { type Alternatives, alternativesListSchema, type Relation } from "./relations.ts";

export interface BinaryPackage {
  readonly locked: LockedPackage;
  /** Pre-Depends and Depends: every one of them has to be met. */
  readonly requirements: readonly Alternatives[];
  /** Other names it goes by; only one with a version stands for a version. */
  readonly provisions: readonly Relation[];
}

/** Reads a paragraph of a Packages file. @throws TsmachineError RELEASE_INVALID */
export function parseBinaryPackage(paragraph: string): BinaryPackage {
  const parsed = paragraphSchema.safeParse(Object.fromEntries(parseParagraph(paragraph)));
  if (parsed.success) return parsed.data;
  const [line] = paragraph.split("\n", 1);
  throw new TsmachineError(
    "RELEASE_INVALID",
    `the package index has an unusable entry "${line}": ${z.prettifyError(parsed.error)}`,
    { hints: ["name another mirror with --mirror"], cause: parsed.error },
  );
}

const { name, version, architecture, filename, size, sha256 } = lockedPackageSchema.shape;
const relationsSchema = z.string().default("").pipe(alternativesListSchema);

const paragraphSchema = z
  .object({
    package: name,
    version,
    architecture,
    filename,
    size: z.string().regex(/^\d+$/).transform(Number).pipe(size),
    sha256,
    "pre-depends": relationsSchema,
    depends: relationsSchema,
    provides: relationsSchema,
  })
  .transform(
    ({ package: name, "pre-depends": preDepends, depends, provides, ...file }): BinaryPackage => ({
      locked: { name, ...file },
      requirements: [...preDepends, ...depends],
      provisions: provides.flat(),
    }),
  );
