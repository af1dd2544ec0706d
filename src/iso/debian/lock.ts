import * as z from "zod";

/** One .deb, exactly. */
export const lockedPackageSchema = z.object({
  /** Which of a mirror's archives has it; its main one unless given. */
  archive: z.literal("debian-security").exactOptional(),
  /** Code name of the release it was chosen from; the first of the lock's unless given. */
  suite: z.string().exactOptional(),
  name: z.string().regex(/^[a-z0-9][a-z0-9+.-]+$/),
  version: z.string().regex(/^[A-Za-z0-9.+~:-]+$/),
  architecture: z.string().regex(/^[a-z0-9-]+$/),
  /** Path on every mirror, below its URI. */
  filename: z
    .string()
    .regex(/^pool\/[A-Za-z0-9.+~_%:/-]+\.deb$/)
    .refine((path) => !path.split("/").includes(".."), "leads out of the mirror"),
  /** Bytes. */
  size: z.number().int().positive(),
  /** Lower-case hexadecimal. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type LockedPackage = Readonly<z.infer<typeof lockedPackageSchema>>;

/**
 * The packages of an image, exactly, and the release they were chosen from. It names no mirror, so
 * that the same image can be made from any.
 */
export const debianLockSchema = z.object({
  /** The release's code name. */
  suite: z.string(),
  /** When Debian made that state of the release. */
  date: z.iso.datetime(),
  packages: z.array(lockedPackageSchema),
});
export type DebianLock = Readonly<
  Omit<z.infer<typeof debianLockSchema>, "packages"> & { packages: readonly LockedPackage[] }
>;
