import * as z from "zod";
import { imageKindSchema, imageLockSchema } from "../image-lock.ts";

const filesSchema = z.record(
  z.string(),
  z.object({
    /** Bytes. */
    size: z.number().int().nonnegative(),
    /** Lower-case hexadecimal. */
    sha256: z.string(),
  }),
);

/** Digest of the lock; the name of the image's folder ends in it. */
const keySchema = z.string().regex(/^[0-9a-f]{16}$/);

const currentSchema = z.object({
  schemaVersion: z.literal(2),
  key: keySchema,
  /** Release of the kernel ("6.12.107+deb13-cloud-amd64") or version of the engine ("26.1.5"). */
  version: z.string(),
  lock: imageLockSchema,
  files: filesSchema,
});

/** Images of tsmachine 0.1, which were made of one release and of packages alone. */
const formerSchema = z
  .object({
    schemaVersion: z.literal(1),
    kind: imageKindSchema,
    key: keySchema,
    architecture: imageLockSchema.shape.architecture,
    version: z.string(),
    lock: z.object({
      suite: z.string(),
      date: z.iso.datetime(),
      packages: imageLockSchema.shape.packages,
    }),
    files: filesSchema,
  })
  .transform(({ key, version, files, kind, architecture, lock }) => ({
    ...{ schemaVersion: 2 as const, key, version, files },
    lock: {
      ...{ lockVersion: 2 as const, kind, architecture, templates: "", inputs: [] },
      releases: [{ suite: lock.suite, date: lock.date }],
      packages: lock.packages,
    },
  }));

/** What image.json says beside the files of an image: all that is needed to check and remake it. */
export const imageManifestSchema = z.union([currentSchema, formerSchema]);
export type ImageManifest = z.infer<typeof currentSchema>;
