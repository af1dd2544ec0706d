import { z } from "zod";
import { architectureSchema } from "../../host/architecture.ts";
import { debianLockSchema } from "../debian/lock.ts";

/** What image.json says beside the files of an image: all that is needed to check and remake it. */
export const imageManifestSchema = z.object({
  schemaVersion: z.literal(1),
  kind: z.enum(["boot", "engine"]),
  /** Digest of all that went into it; the name of its folder ends in it. */
  key: z.string().regex(/^[0-9a-f]{16}$/),
  architecture: architectureSchema,
  /** Version of the kernel ("6.12.107+deb13-cloud-amd64") or of the engine's package. */
  version: z.string(),
  lock: debianLockSchema,
  files: z.record(
    z.string(),
    z.object({
      /** Bytes. */
      size: z.number().int().nonnegative(),
      /** Lower-case hexadecimal. */
      sha256: z.string(),
    }),
  ),
});
export type ImageManifest = z.infer<typeof imageManifestSchema>;

export type ImageKind = ImageManifest["kind"];
